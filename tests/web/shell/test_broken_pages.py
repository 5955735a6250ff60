"""A page that breaks leaves a trace in the log: where it broke, without anybody's data."""

from __future__ import annotations

import logging

import pytest
from django.test import Client

from rollcall.accounts import first_start, one_time_links
from rollcall.project.logs import WithoutValues

pytestmark = pytest.mark.django_db


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> str:
    """What the log says of a one-time link's page that breaks."""

    def breaks(token: str) -> None:
        raise RuntimeError("".join(["mara.voss", "@example.org"]))

    monkeypatch.setattr(one_time_links, "find", breaks)
    link = first_start.first_start_link("") or ""
    client = Client(raise_request_exception=False)
    answer = client.get(link)
    assert answer.status_code == 500
    assert "Something broke" in answer.content.decode()
    found = [one for one in caplog.records if one.name == "django.request"]
    text = "\n".join(WithoutValues().format(one) for one in found)
    assert link.strip("/").rpartition("/")[2] not in text
    return text


def test_the_log_says_where_it_broke(logged: str) -> None:
    assert "500 GET first-start/<str:token>/: RuntimeError" in logged
    assert "in breaks" in logged


def test_the_log_names_nobody(logged: str) -> None:
    assert "mara.voss@" not in logged


def test_broken_pages_are_logged_at_all() -> None:
    handlers = logging.getLogger("django.request").handlers
    assert any(isinstance(one.formatter, WithoutValues) for one in handlers)
