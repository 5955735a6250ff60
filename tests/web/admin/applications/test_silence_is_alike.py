"""Who may only start imports does not learn from a failed check what listens at an address."""

from __future__ import annotations

import socket

import pytest

from rollcall.imports.options import Options
from rollcall.sources.personio.account import Account
from rollcall.sources.personio.kind import KIND
from rollcall.web.admin.applications import credential_check
from rollcall.web.admin.applications.credential_check import Failure, check
from tests.core.outgoing.server import Behaviour, head, serving

BEHAVIOURS: dict[str, Behaviour] = {
    "another protocol": lambda _: [b"SSH-2.0-OpenSSH_9.2\r\n"],
    "an end at once": lambda _: [],
    "a web page": lambda _: [
        head("Content-Type: text/html", "Content-Length: 6"),
        b"<html>",
    ],
    "another status": lambda _: [head("Content-Length: 0", status="418 Teapot")],
    "a redirect": lambda _: [
        head("Location: http://127.0.0.1:1", "Content-Length: 0", status="302 Found")
    ],
}


def told(port: int) -> Failure | None:
    account = Account(f"http://127.0.0.1:{port}", "papi-invented-client", "papi-invented-secret")
    return check(KIND, account, Options(), in_detail=False)


def without_port(failure: Failure | None, port: int) -> tuple[str, str, str]:
    assert failure is not None
    return failure.title, failure.advice.replace(str(port), "…"), failure.detail


@pytest.fixture
def waited(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long each answer was held back, in seconds; nobody waits here."""
    waited: list[float] = []
    monkeypatch.setattr(credential_check, "_hold_back", waited.append)
    return waited


@pytest.mark.django_db
@pytest.mark.parametrize("behaviour", BEHAVIOURS.values(), ids=BEHAVIOURS)
def test_an_open_port_is_told_of_as_a_closed_one(behaviour: Behaviour, waited: list[float]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        closed = int(probe.getsockname()[1])
    with serving(behaviour) as server:
        port = int(server.url.rpartition(":")[2])
        assert without_port(told(port), port) == without_port(told(closed), closed)


@pytest.mark.django_db
def test_an_open_port_is_told_of_as_late_as_a_closed_one(
    waited: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(credential_check, "_check", lambda *_: Failure("", "", "", True))
    assert told(1) is not None
    assert waited == [pytest.approx(credential_check.PATIENCE_SECONDS, abs=5.0)]
    monkeypatch.setattr(credential_check, "_check", lambda *_: Failure("", "", ""))
    assert told(1) is not None
    assert len(waited) == 1
