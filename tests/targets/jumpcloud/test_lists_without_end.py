"""No list and no job of another server holds an import for ever: requests are counted."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from rollcall.core.outgoing import client as outgoing
from rollcall.targets import jumpcloud
from rollcall.targets.errors import TargetUnreachable
from rollcall.targets.jumpcloud import JumpCloudTarget, jobs, users
from rollcall.targets.jumpcloud.http import Wire
from rollcall.targets.jumpcloud.jobs import Sent
from rollcall.targets.jumpcloud.responses import (
    LONGEST_WAIT,
    MOST_RECORDS,
    NotTheCloud,
    Passing,
    read,
)
from tests.core.outgoing.server import HOLD, Server, head, serving
from tests.targets.jumpcloud.cloud import KEY
from tests.targets.jumpcloud.conftest import QUICK

Said = Callable[[int, int], object]
"""What is answered: the body for `skip` and `limit`."""


@contextmanager
def answering(said: Said, *lines: str) -> Iterator[tuple[Wire, Server]]:
    """A wire to a server that answers everything so."""

    def behaviour(asked: bytes) -> list[bytes]:
        window = [re.search(rb"[?&]%s=(\d+)" % name, asked) for name in (b"skip", b"limit")]
        body = json.dumps(said(*(int(found[1]) if found else 0 for found in window))).encode()
        return [head(f"Content-Length: {len(body)}", *lines) + body]

    with serving(behaviour) as server:
        wire = Wire(jumpcloud.Account(server.url, KEY), QUICK)
        yield wire, server
        wire.close()


def user(number: int) -> dict[str, object]:
    return {"_id": f"{number:024x}", "username": f"p{number}", "email": f"p{number}@example.org"}


def listing(total: int, there: int) -> Said:
    def said(skip: int, limit: int) -> object:
        rows = [user(number) for number in range(skip, min(skip + limit, there))]
        return {"totalCount": total, "results": rows}

    return said


def test_a_total_of_a_billion_is_refused_before_anything_is_read() -> None:
    with answering(listing(1_000_000_000, 350)) as (wire, server):
        with pytest.raises(NotTheCloud, match="2,000,000"):
            list(users.everyone(wire, jumpcloud.Identity()))
        assert len(server.heads) == 1


def test_an_empty_page_ends_a_list_that_announces_more() -> None:
    with answering(listing(1_000_000, 350)) as (wire, server):
        assert len(list(users.everyone(wire, jumpcloud.Identity()))) == 350
        assert len(server.heads) <= users.READINGS * (4 + 2 * QUICK.at_once) + 1


def test_a_page_longer_than_asked_is_taken_as_it_is() -> None:
    with answering(lambda skip, _: listing(500, 500)(skip, 250)) as (wire, server):
        assert len(list(users.everyone(wire, jumpcloud.Identity()))) == 500
        assert len(server.heads) == 2
        assert all(b"limit=100&" in asked for asked in server.heads)


@pytest.mark.parametrize("total", ["9" * 5_000, "-1", "1e9", "many", ""])
def test_a_total_that_is_none_is_not_believed(total: str) -> None:
    with answering(lambda _, __: [], f"X-Total-Count: {total}") as (wire, _):
        assert wire.get("/api/v2/usergroups").total is None


def test_a_list_that_goes_on_without_end_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    from rollcall.targets.jumpcloud import groups

    monkeypatch.setattr(groups, "MOST_RECORDS", 1_000)
    page = [{"id": f"{number:024x}", "name": f"g{number}"} for number in range(100)]
    with answering(lambda _, __: page) as (wire, server):
        with pytest.raises(NotTheCloud, match="goes on"):
            list(groups.CloudGroups(wire).groups())
        assert len(server.heads) == 11
    assert MOST_RECORDS == 2_000_000


def test_a_search_that_finds_more_than_was_asked_for_is_left() -> None:
    found = {"totalCount": 1_000_000, "results": [user(number) for number in range(100)]}
    with answering(lambda _, __: found) as (wire, server):
        with pytest.raises(NotTheCloud, match="more users than were asked for"):
            users.by_email(wire, ["a@example.org", "b@example.org"])
        assert len(server.heads) <= 3


SENT = [Sent.of(str(number), [f"p{number}@example.org"]) for number in range(3)]


def test_results_of_a_job_without_end_are_left() -> None:
    page = [{"id": "x", "status": "finished", "persistedFields": {}} for _ in range(100)]
    with answering(lambda _, __: page) as (wire, server):
        with pytest.raises(NotTheCloud, match="more results"):
            jobs.verdicts(wire, "job", SENT)
        assert len(server.heads) == 2


def test_a_job_that_always_has_a_little_news_is_not_waited_for_without_end() -> None:
    polls: list[int] = []

    def said(_: int, __: int) -> object:
        polls.append(1)
        rows: list[dict[str, Any]] = [{"id": "x", "status": "finished"} for _ in polls]
        return [*rows, {"id": "y", "status": "processing"}][:30]

    with answering(said) as (wire, server):
        jobs.verdicts(wire, "job", SENT)
        assert len(server.heads) <= QUICK.most_polls


def test_an_answer_nested_without_measure_is_asked_for_once() -> None:
    deep = b"[" * 100_000 + b"]" * 100_000
    with serving(lambda _: [head(f"Content-Length: {len(deep)}") + deep]) as server:
        wire = Wire(jumpcloud.Account(server.url, KEY), QUICK)
        with pytest.raises(NotTheCloud, match="holds more"):
            wire.get("/api/organizations")
        wire.close()
    assert len(server.heads) == 1


@pytest.mark.parametrize(
    "asked", ["1e9", "inf", "nan", "99999999999", "-5", "Fri, 31 Dec 9999 23:59:59 GMT"]
)
def test_no_answer_makes_the_import_wait_longer_than_two_minutes(asked: str) -> None:
    answer = outgoing.Answer(429, httpx.Headers({"Retry-After": asked}), b"")
    with pytest.raises(Passing) as caught:
        read(answer, "GET")
    assert caught.value.after is None or 0 <= caught.value.after <= LONGEST_WAIT


def test_closing_ends_what_another_thread_waits_for() -> None:
    errors: list[Exception] = []
    with serving(lambda _: [head("Content-Length: 1000"), HOLD]) as server:
        directory = JumpCloudTarget(jumpcloud.Account(server.url, KEY))

        def checking() -> None:
            try:
                directory.check()
            except TargetUnreachable as error:
                errors.append(error)

        thread = threading.Thread(target=checking)
        thread.start()
        assert server.asked.wait(10)
        directory.close()
        thread.join(10)
        assert not thread.is_alive()
    assert "closed" in str(errors[0])
