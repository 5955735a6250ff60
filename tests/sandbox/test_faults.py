"""Faults come as often as asked for, on the calls they belong to, and in no other way."""

from __future__ import annotations

import json
import time

import httpx
import pytest

from rollcall.sandbox.company import Company
from rollcall.sandbox.faults import KINDS, MOST_SHIFTS, Dice, Faults
from rollcall.sandbox.switches import RetryAfter, Switches

from .world import EMPLOYEES, Caller, Json, account

SMALL = Company(30)


def _always(*kinds: str, timeout_delay: float = 60) -> Faults:
    return Faults(dict.fromkeys(kinds, 1.0), timeout_delay)


def _token_first(caller: Caller) -> None:
    """Get a token that the fault cannot deny, as most faults leave the token calls alone."""
    caller.sign_in()


@pytest.mark.parametrize("text", ["429", "nope:0.1", "500:2", "500:-1", "500:x", "", "500:nan"])
def test_a_fault_that_makes_no_sense_is_refused_in_words(text: str) -> None:
    with pytest.raises(ValueError, match=r"0\.1|probability"):
        Faults.parse(text)


def test_every_kind_can_be_asked_for() -> None:
    assert set(Faults.parse(*(f"{kind}:0.1" for kind in KINDS)).rates) == set(KINDS)


def test_dice_fall_the_same_way_for_the_same_seed_and_about_as_often_as_asked() -> None:
    faults = Faults.parse("500:0.1", "drop:0.1", seed=3)
    one, other = Dice(faults), Dice(faults)
    throws = [one.throw(EMPLOYEES) for _ in range(2000)]
    assert throws == [other.throw(EMPLOYEES) for _ in range(2000)]
    assert 140 < throws.count("500") < 260
    assert 120 < throws.count("drop") < 240


@pytest.mark.parametrize(("kind", "status"), [("429", 429), ("500", 500)])
def test_an_error_status_carries_the_versions_body(kind: str, status: int) -> None:
    with account(SMALL, faults=_always(kind)) as caller:
        v1, v2 = caller.get(EMPLOYEES), caller.get("/v2/persons")
        assert v1.status_code == v2.status_code == status
        assert v1.json()["success"] is False
        assert v2.json()["errors"]
        assert caller.http.post("/v1/auth", json=caller.pair).status_code == status
        assert "Retry-After" not in v1.headers


def test_a_429_tells_when_to_come_back_where_switched_so() -> None:
    with account(SMALL, Switches(retry_after=RetryAfter.YES), _always("429")) as caller:
        assert caller.get(EMPLOYEES).headers["Retry-After"] == "1"


@pytest.mark.parametrize(("kind", "status"), [("502", 502), ("504", 504), ("html", 200)])
def test_a_gateway_answers_with_no_json(kind: str, status: int) -> None:
    with account(SMALL, faults=_always(kind)) as caller:
        _token_first(caller)
        answer = caller.get(EMPLOYEES)
        assert answer.status_code == status
        with pytest.raises(json.JSONDecodeError):
            answer.json()


def test_a_200_may_say_that_it_failed() -> None:
    with account(SMALL, faults=_always("success-false")) as caller:
        _token_first(caller)
        answer = caller.get(EMPLOYEES)
        assert (answer.status_code, answer.json()["success"]) == (200, False)


def test_a_dropped_connection_gives_no_answer_and_the_next_one_works() -> None:
    with account(SMALL, faults=Faults.parse("drop:0.5", seed=1)) as caller:
        _token_first(caller)
        outcomes = set()
        for _ in range(20):
            try:
                outcomes.add(caller.get(EMPLOYEES).status_code)
            except httpx.RemoteProtocolError:
                outcomes.add(0)
            except httpx.ReadError:
                outcomes.add(0)
        assert outcomes == {0, 200}


def test_a_truncated_body_is_cut_in_both_ways_and_never_whole() -> None:
    with account(SMALL, faults=_always("truncate")) as caller:
        _token_first(caller)
        ways = set()
        for _ in range(20):
            try:
                answer = caller.get(EMPLOYEES)
            except httpx.RemoteProtocolError:
                ways.add("shorter than promised")
            else:
                assert answer.status_code == 200
                with pytest.raises(json.JSONDecodeError):
                    answer.json()
                ways.add("promised short")
        assert ways == {"shorter than promised", "promised short"}


def test_an_expired_token_stays_dead_and_a_new_one_is_another() -> None:
    faults = Faults.parse("expire-token:0.3", seed=1)
    with account(SMALL, faults=faults) as caller:
        token = caller.sign_in()
        while caller.get(EMPLOYEES).status_code == 200:
            pass
        assert [caller.get(EMPLOYEES).status_code for _ in range(5)] == [401] * 5
        assert caller.sign_in() != token


def test_a_late_answer_is_late_and_whole() -> None:
    with account(SMALL, faults=_always("timeout", timeout_delay=0.5)) as caller:
        started = time.monotonic()
        _token_first(caller)
        assert len(caller.page(limit=30)["data"]) == 30
        assert time.monotonic() - started >= 1


def test_a_caller_who_gives_up_does_not_hold_up_the_end() -> None:
    started = time.monotonic()
    with account(SMALL, faults=_always("timeout")) as caller, pytest.raises(httpx.ReadTimeout):
        caller.http.get(EMPLOYEES, timeout=0.2)
    assert time.monotonic() - started < 5


def _patiently(caller: Caller, offset: int) -> Json:
    """A page, asked for again until it is whole and the total is the true one."""
    for _ in range(200):
        try:
            answer = caller.get(EMPLOYEES, limit=50, offset=offset)
            if answer.status_code == 401:
                answer = caller.http.post("/v1/auth", json=caller.pair)
                caller.carry(answer.json()["data"]["token"])
                continue
            body: Json = answer.raise_for_status().json()
            if body["success"] and body["metadata"]["total_elements"] == 250:
                return body
        except (httpx.HTTPError, json.JSONDecodeError, KeyError):
            continue
    raise AssertionError("the page never came")


def test_with_every_fault_at_once_a_patient_caller_reads_everybody() -> None:
    faults = Faults.parse(*(f"{kind}:0.1" for kind in KINDS), timeout_delay=0.01)
    company = Company(250)
    with account(company, faults=faults) as caller:
        pages = [_patiently(caller, offset) for offset in range(0, 250, 50)]
    read = [row["attributes"]["email"]["value"] for page in pages for row in page["data"]]
    assert read == [person.email for person in company]


def test_rows_shift_a_few_times_and_then_no_more() -> None:
    with account(Company(250), faults=_always("shift")) as caller:
        caller.sign_in()
        totals = [
            caller.page(limit=50, offset=at)["metadata"]["total_elements"]
            for at in (0, 50, 100, 150, 200, 50)
        ]
        assert totals == [250, *[249] * MOST_SHIFTS, 250, 250]


def test_requests_are_counted_by_route_with_the_name_of_the_caller() -> None:
    with account(SMALL) as caller:
        caller.http.headers["X-Personio-App-ID"] = "ROLLCALL"
        caller.sign_in()
        caller.page()
        caller.get(f"{EMPLOYEES}/4710001")
        caller.get(f"{EMPLOYEES}/1")
        seen = caller.get("/_sandbox/requests").json()
        assert seen["routes"] == {
            "POST /v1/auth": 1,
            f"GET {EMPLOYEES}": 1,
            f"GET {EMPLOYEES}/{{id}}": 2,
        }
        assert seen["statuses"] == {"200": 3, "404": 1}
        assert (seen["total"], seen["app_id"]) == (4, "ROLLCALL")
        caller.http.delete("/_sandbox/requests")
        assert caller.get("/_sandbox/requests").json()["total"] == 0
