"""Pages of employees: offset counts records, limit is at most 100."""

from __future__ import annotations

import pytest

from rollcall.sandbox.company import Company
from rollcall.sandbox.switches import Drift, LargeLimit, Switches

from .world import EMPLOYEES, Caller, account

EVERYBODY = [4_710_000 + at for at in range(250)]


def test_stepping_by_records_meets_everybody_once(caller: Caller) -> None:
    assert [i for at in (0, 100, 200) for i in caller.ids(limit=100, offset=at)] == EVERYBODY


def test_taking_offset_for_a_page_number_shows_overlapping_pages(caller: Caller) -> None:
    assert caller.ids(limit=100, offset=1)[:-1] == caller.ids(limit=100, offset=0)[1:]


def test_without_a_limit_fifty_come(caller: Caller) -> None:
    body = caller.page()
    assert len(body["data"]) == body["limit"] == 50
    assert body["offset"] == 0
    assert body["metadata"] == {"total_elements": 250, "current_page": 0, "total_pages": 5}


def test_the_last_page_is_short_and_the_next_is_empty(caller: Caller) -> None:
    last, beyond = caller.page(limit=100, offset=200), caller.page(limit=100, offset=300)
    assert len(last["data"]) == 50
    assert last["metadata"] == {"total_elements": 250, "current_page": 2, "total_pages": 3}
    assert beyond["data"] == []
    assert beyond["success"] is True


@pytest.mark.parametrize("limit", ["101", "200", "0", "-1", "ten", ""])
def test_an_impossible_limit_is_refused(caller: Caller, limit: str) -> None:
    answer = caller.get(EMPLOYEES, limit=limit)
    assert answer.status_code == 400
    assert answer.json()["success"] is False


@pytest.mark.parametrize("offset", ["-1", "x"])
def test_an_impossible_offset_is_refused(caller: Caller, offset: str) -> None:
    assert caller.get(EMPLOYEES, offset=offset).status_code == 400


def test_a_large_limit_is_clamped_where_switched_so() -> None:
    with account(Company(150), Switches(large_limit=LargeLimit.CLAMP)) as caller:
        caller.sign_in()
        body = caller.page(limit=200)
        assert len(body["data"]) == body["limit"] == 100


def test_drift_moves_rows_and_lowers_the_total_page_by_page() -> None:
    with account(Company(250), Switches(drift=Drift.YES)) as caller:
        caller.sign_in()
        pages = [caller.page(limit=100, offset=at) for at in (0, 100, 200)]
        assert [page["metadata"]["total_elements"] for page in pages] == [250, 249, 248]
        assert caller.ids(limit=100, offset=100)[0] == EVERYBODY[101]


def test_a_page_of_a_million_people_is_a_page() -> None:
    with account(Company(1_000_000)) as caller:
        caller.sign_in()
        assert caller.ids(limit=100, offset=999_900)[-1] == 4_710_000 + 999_999
        assert caller.page(limit=1)["metadata"]["total_pages"] == 1_000_000
