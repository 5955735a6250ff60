"""A paced account refuses what goes beyond Personio's limits; an unpaced one never does."""

from __future__ import annotations

from rollcall.sandbox.company import Company
from rollcall.sandbox.limits import Limits
from rollcall.sandbox.switches import RetryAfter, Switches

from .world import EMPLOYEES, HandClock, account

HERE = "127.0.0.1"


def test_employees_take_fifteen_in_a_second_and_three_hundred_in_a_minute() -> None:
    clock = HandClock()
    limits = Limits(True, clock)
    for _ in range(20):
        assert [limits.v1_employees(HERE) for _ in range(15)] == [0] * 15
        assert limits.v1_employees(HERE) > 0
        clock.now += 1
    assert 39 < limits.v1_employees(HERE) <= 40
    clock.now += 40
    assert limits.v1_employees(HERE) == 0


def test_v1_tokens_take_sixty_in_a_minute_and_then_cool_down() -> None:
    clock = HandClock()
    limits = Limits(True, clock)
    assert [limits.v1_auth(HERE) for _ in range(60)] == [0] * 60
    clock.now += 59
    assert limits.v1_auth(HERE) == 60
    clock.now += 59
    assert limits.v1_auth(HERE) == 1
    clock.now += 1
    assert limits.v1_auth(HERE) == 0


def test_v2_tokens_trickle_while_they_cool_down() -> None:
    clock = HandClock()
    limits = Limits(True, clock)
    assert [limits.v2_auth() for _ in range(150)] == [0] * 150
    assert limits.v2_auth() > 0
    clock.now += 1
    assert limits.v2_auth() == 0
    assert limits.v2_auth() > 0


def test_one_caller_gets_two_thousand_v1_requests_a_minute() -> None:
    clock = HandClock()
    limits = Limits(True, clock)
    assert [limits.v1(HERE) for _ in range(2000)] == [0] * 2000
    assert limits.v1(HERE) == 60
    assert limits.v1_employees(HERE) == 60
    assert limits.v1_employees("127.0.0.2") == 0


def test_v2_buckets_hold_a_hundred_and_fill_by_thirty_a_second() -> None:
    clock = HandClock()
    limits = Limits(True, clock)
    assert [limits.v2("persons") for _ in range(100)] == [0] * 100
    assert limits.v2("persons") > 0
    assert limits.v2("employments") == 0
    assert limits.v2_headers("persons")["x-ratelimit-remaining"] == "0"
    clock.now += 0.5
    assert limits.v2_headers("persons")["x-ratelimit-remaining"] == "15"


def test_an_unpaced_account_counts_and_lets_everybody_in() -> None:
    limits = Limits(False, HandClock())
    assert [limits.v1_employees(HERE) for _ in range(5000)] == [0] * 5000
    assert [limits.v2("persons") for _ in range(500)] == [0] * 500


def test_over_the_wire_the_sixteenth_request_of_a_second_is_refused() -> None:
    clock = HandClock()
    switches = Switches(paced=True, retry_after=RetryAfter.YES)
    with account(Company(5), switches, clock=clock) as caller:
        caller.sign_in()
        assert [caller.get(EMPLOYEES).status_code for _ in range(15)] == [200] * 15
        refused = caller.get(EMPLOYEES)
        assert refused.status_code == 429
        assert refused.headers["Retry-After"] == "1"
        assert refused.json()["error"] == {"code": 429, "message": "Too Many Requests"}
        clock.now += 1
        assert caller.get(EMPLOYEES).status_code == 200


def test_over_the_wire_v2_refuses_with_its_own_body_and_headers() -> None:
    with account(Company(5), Switches(paced=True), clock=HandClock()) as caller:
        caller.sign_in_v2()
        statuses = [caller.get("/v2/persons", limit=1).status_code for _ in range(101)]
        assert statuses == [200] * 100 + [429]
        refused = caller.get("/v2/persons")
        assert refused.json()["errors"][0]["title"] == "Too Many Requests"
        assert refused.headers["x-ratelimit-remaining"] == "0"
        assert "Retry-After" not in refused.headers
