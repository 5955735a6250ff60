"""No list of another server, however long it says it is, is read for ever: requests are counted."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from typing import Any

import pytest

from rollcall.core.json_text import DEEPEST
from rollcall.sources.base import Summary
from rollcall.sources.personio.account import Account
from rollcall.sources.personio.errors import PersonioMisbehaved, PersonioUnreachable
from rollcall.sources.personio.v1 import pagination
from rollcall.sources.personio.v1.client import PersonioV1
from rollcall.sources.personio.v1.pagination import MOST_PAGES_WITHOUT_NEWS, PAGE_SIZE, Ask, Walk
from rollcall.sources.personio.v2 import reading as v2
from rollcall.sources.personio.v2.client import PersonioV2
from tests.core.outgoing.server import HOLD, head, serving
from tests.sources.personio.recorded import (
    ATTRIBUTES,
    CLIENT_ID,
    CLIENT_SECRET,
    Answer,
    Asked,
    Recorded,
    as_json,
    person,
)
from tests.sources.personio.recorded import serving as serving_v1
from tests.sources.personio.v2.recorded import RecordedV2, person_v2

BILLION = 1_000_000_000


def walked(walk: Walk, answer: Callable[[Ask], tuple[int, int | None, bool]]) -> list[Ask]:
    """The pages that the walk asks for, each answered with a count, a total and whether new."""
    asked = []
    while (ask := walk.next()) is not None:
        asked.append(ask)
        count, total, news = answer(ask)
        walk.arrived(ask, count, total, news=news)
    return asked


def read(recorded: Recorded) -> tuple[list[str], Summary]:
    with serving_v1(recorded), PersonioV1(recorded.account()) as personio:
        reading = personio.employees(ATTRIBUTES)
        ids = [employee.id for page in reading for employee in page.employees]
        return ids, reading.summary


def company(size: int, **changes: Any) -> Recorded:
    return Recorded([person(number) for number in range(1, size + 1)], **changes)


def test_a_total_of_a_billion_costs_no_request_beyond_the_first_empty_page() -> None:
    recorded = company(350, total=lambda _: BILLION)
    ids, summary = read(recorded)
    assert len(ids) == 350
    assert not summary.complete
    assert len(recorded.pages()) <= 3 * 5


def test_an_empty_page_ends_the_read_however_many_are_announced() -> None:
    recorded = company(350, total=lambda _: 1_000_000)
    ids, summary = read(recorded)
    assert len(ids) == 350
    assert not summary.complete
    assert len(recorded.pages()) <= 3 * (4 + 2 * 4)


def test_an_empty_first_page_ends_the_read() -> None:
    recorded = company(0, total=lambda _: BILLION)
    assert read(recorded)[0] == []
    assert len(recorded.pages()) <= 3


@pytest.mark.parametrize("total", [None, BILLION, 10**30])
def test_new_people_without_end_are_read_up_to_a_bound(total: int | None) -> None:
    walk = Walk()
    asked = walked(walk, lambda ask: (ask.size, total, True))
    assert walk.is_endless
    assert len(asked) == pagination.MOST_UNTOLD / PAGE_SIZE


def test_a_total_that_grows_with_every_page_is_not_followed_for_ever() -> None:
    walk = Walk()
    asked = walked(walk, lambda ask: (ask.size, ask.offset + 10 * PAGE_SIZE, True))
    assert walk.is_endless
    assert len(asked) <= pagination.MOST_UNTOLD / PAGE_SIZE + 20


def test_an_account_of_a_million_is_read_to_its_end() -> None:
    walk = Walk()
    asked = walked(walk, lambda ask: (min(ask.size, 1_000_000 - ask.offset), 1_000_000, True))
    assert not walk.is_endless
    assert len(asked) == 10_000


def test_pages_of_one_person_are_bounded_too() -> None:
    walk = Walk()
    assert len(walked(walk, lambda _: (1, 1_000_000, True))) == pagination.MOST_PAGES
    assert walk.is_endless


def test_the_same_page_again_and_again_is_left_soon() -> None:
    recorded = company(100)
    page = {"success": True, "metadata": {"total_elements": 1_000_000}, "data": recorded.people}
    recorded.meddle = lambda n, asked: as_json(page) if asked in recorded.pages() else None
    ids, summary = read(recorded)
    assert len(ids) == 100
    assert not summary.complete
    assert [note.code for note in summary.notes] == ["list_without_end"]
    assert len(recorded.pages()) <= MOST_PAGES_WITHOUT_NEWS + 1 + 4


def test_a_page_longer_than_asked_is_taken_and_raises_no_limit() -> None:
    recorded = company(534)

    def everybody(number: int, asked: Asked) -> Answer | None:
        if asked not in recorded.pages() or asked.offset:
            return None
        shown = recorded.people[:350]
        return as_json({"success": True, "metadata": {"total_elements": 534}, "data": shown})

    recorded.meddle = everybody
    ids, summary = read(recorded)
    assert len(set(ids)) == len(ids) == 534
    assert summary.complete
    assert {dict(asked.query)["limit"] for asked in recorded.pages()} == {"100"}
    assert sorted(asked.offset for asked in recorded.pages()) == [0, 350, 450]


def test_a_longer_page_in_the_middle_saves_the_pages_that_it_holds() -> None:
    walk = Walk()
    told = {0: 100, 100: 500}
    asked = walked(walk, lambda ask: (told.get(ask.offset, ask.size), 700, True))
    assert [ask.offset for ask in asked] == [0, 100, 600]


def test_persons_of_v2_without_end_are_read_up_to_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(v2, "MOST_PEOPLE", 200)

    class Growing(RecordedV2):
        numbers = itertools.count(1)

        def _persons(self, offset: int) -> Answer:
            rows = [person_v2(next(self.numbers), employments=[]) for _ in range(50)]
            links = {"next": {"href": f"?cursor={next(self.numbers)}"}}
            return as_json({"_data": rows, "_meta": {"links": links}})

    recorded = Growing()
    with serving_v1(recorded):
        personio = PersonioV2(recorded.account())
        reading = personio.employees(["email"])
        assert sum(len(page.employees) for page in reading) == 200
        personio.close()
    assert not reading.summary.complete
    assert recorded.paths().count("/v2/persons") == 4


def test_an_empty_page_of_v2_is_the_last() -> None:
    class Empty(RecordedV2):
        numbers = itertools.count(1)

        def _persons(self, offset: int) -> Answer:
            links = {"next": {"href": f"?cursor={next(self.numbers)}"}}
            return as_json({"_data": [], "_meta": {"links": links}})

    recorded = Empty()
    with serving_v1(recorded):
        personio = PersonioV2(recorded.account())
        reading = personio.employees(["email"])
        assert not any(page.employees for page in reading)
        personio.close()
    assert not reading.summary.complete
    assert recorded.paths().count("/v2/persons") == 1


@pytest.mark.parametrize("levels", [DEEPEST + 2, 100_000])
def test_an_answer_nested_without_measure_ends_the_read_at_once(levels: int) -> None:
    recorded = company(3)
    deep = Answer(200, b'{"success": true, "data": ' + b"[" * levels + b"]" * levels + b"}")
    recorded.meddle = lambda n, asked: deep if asked in recorded.pages() else None
    with pytest.raises(PersonioMisbehaved, match="nested deeper"):
        read(recorded)
    assert len(recorded.pages()) == 1


def test_closing_ends_a_read_that_waits_for_its_answer() -> None:
    held = threading.Event()
    login = b'{"success": true, "data": {"token": "papi-invented-token"}}'

    def behaviour(asked: bytes) -> Any:
        if asked.startswith(b"POST"):
            yield head(f"Content-Length: {len(login)}") + login
            return
        yield head("Content-Length: 1000")
        held.set()
        yield HOLD

    errors: list[Exception] = []
    with serving(behaviour) as server:
        personio = PersonioV1(Account(server.url, CLIENT_ID, CLIENT_SECRET, timeout=60.0))

        def reading() -> None:
            try:
                list(personio.employees(ATTRIBUTES))
            except PersonioUnreachable as error:
                errors.append(error)

        thread = threading.Thread(target=reading)
        thread.start()
        assert held.wait(10)
        personio.close()
        thread.join(10)
        assert not thread.is_alive()
    assert "stopped" in str(errors[0])


def test_an_answer_that_never_ends_is_tried_twice_and_no_more() -> None:
    def behaviour(_: bytes) -> Any:
        yield b"HTTP/1.1 200 OK\r\nX-Slow: "
        for _pause in range(100_000):
            yield b"a"
            threading.Event().wait(0.005)

    with serving(behaviour) as server:
        account = Account(server.url, CLIENT_ID, CLIENT_SECRET, timeout=0.1, retry_wait=0.01)
        personio = PersonioV1(account)
        with pytest.raises(PersonioUnreachable, match="too long"):
            personio.check(ATTRIBUTES)
        personio.close()
    assert len(server.heads) == 2
