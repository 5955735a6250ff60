"""Requests keep the pace that v2's answers tell, use it up, and rest when told to."""

from __future__ import annotations

import threading
import time
from contextlib import closing
from dataclasses import replace

import pytest

from rollcall.sandbox.limits import Bucket, Limits
from rollcall.sandbox.switches import Switches
from rollcall.sources.personio.account import Account
from rollcall.sources.personio.v2.client import PersonioV2
from rollcall.sources.personio.v2.pacing import Told, ToldBucket, ToldGate
from tests.sources.personio.recorded import ATTRIBUTES
from tests.sources.personio.sandbox_account import account
from tests.sources.personio.test_pacing import Clock, most_within
from tests.sources.personio.v2.recorded import RecordedV2, client, person_v2


def headers(burst: object, rate: object, remaining: object, cost: object = 1) -> dict[str, str]:
    return {
        "x-ratelimit-burst-capacity": str(burst),
        "x-ratelimit-replenish-rate": str(rate),
        "x-ratelimit-requested-tokens": str(cost),
        "x-ratelimit-remaining": str(remaining),
    }


def test_the_four_headers_are_understood() -> None:
    assert Told.of(headers(100, 30, 71)) == Told(100.0, 30.0, 71.0)


def test_tokens_are_counted_in_requests() -> None:
    assert Told.of(headers(100, 30, 70, cost=10)) == Told(10.0, 3.0, 7.0)


@pytest.mark.parametrize(
    "odd",
    [
        {},
        headers("", 30, 71),
        headers(100, "soon", 71),
        headers(100, 30, "nan"),
        headers(100, "inf", 3),
        headers(100, -30, 71),
        headers(100, 0, 71),
        headers(100, 0.001, 71),
        headers(0, 30, 0),
        headers(100, 30, 1, cost="1e300"),
    ],
)
def test_what_is_no_pace_is_ignored(odd: dict[str, str]) -> None:
    assert Told.of(odd) is None


def test_more_is_never_left_than_the_bucket_holds() -> None:
    assert Told.of(headers(100, 30, 5000)) == Told(100.0, 30.0, 100.0)


def test_the_told_pace_is_kept_and_made_use_of() -> None:
    clock = Clock()
    server, bucket = Bucket(burst=100, refill=30), ToldBucket(clock, clock.sleep)
    times = []
    for _ in range(1000):
        bucket.enter()
        assert server.wait(clock.now) == 0
        server.take(clock.now)
        times.append(clock.now)
        bucket.leave(Told.of(server.headers(clock.now)))
    assert most_within(times, 1) <= 131
    assert times[-1] - times[0] == pytest.approx((1000 - 100) / 30, rel=0.02)


def test_other_programs_with_the_same_credential_are_made_room_for() -> None:
    clock = Clock()
    server, bucket = Bucket(burst=100, refill=30), ToldBucket(clock, clock.sleep)
    for _ in range(300):
        bucket.enter()
        assert server.wait(clock.now) == 0
        server.take(clock.now)
        if server.wait(clock.now) == 0:
            server.take(clock.now)  # somebody else's
        bucket.leave(Told.of(server.headers(clock.now)))


def test_requests_under_way_count_though_no_answer_has_told_of_them() -> None:
    clock = Clock()
    bucket = ToldBucket(clock, clock.sleep)
    for _ in range(5):
        bucket.enter()
    bucket.leave(Told(burst=100, per_second=1, remaining=6))
    started = clock.now
    for _ in range(2):
        bucket.enter()
    assert clock.now == started
    bucket.enter()
    assert clock.now == pytest.approx(started + 1)


def test_an_answer_without_headers_changes_nothing() -> None:
    clock = Clock()
    bucket = ToldBucket(clock, clock.sleep)
    bucket.enter()
    bucket.leave(Told(burst=10, per_second=1, remaining=1))
    bucket.enter()
    bucket.leave(None)
    started = clock.now
    bucket.enter()
    assert clock.now == pytest.approx(started + 1)


def test_a_pause_holds_everybody_and_is_not_followed_by_a_burst() -> None:
    clock = Clock()
    bucket = ToldBucket(clock, clock.sleep)
    bucket.enter()
    bucket.leave(Told(burst=100, per_second=10, remaining=99))
    bucket.pause(30)
    bucket.pause(5)
    started = clock.now
    bucket.enter()
    first = clock.now
    bucket.enter()
    assert first >= started + 30
    assert clock.now - first == pytest.approx(0.1)


def test_whoever_waits_is_woken_when_nothing_more_is_to_be_sent() -> None:
    halt = threading.Event()
    bucket = ToldBucket(sleep=halt.wait)
    bucket.enter()
    bucket.leave(Told(burst=1, per_second=1 / 50, remaining=0))
    threading.Timer(0.05, halt.set).start()
    started = time.monotonic()
    bucket.enter()
    assert time.monotonic() - started < 5


def test_each_endpoint_has_a_bucket_of_its_own() -> None:
    clock = Clock()
    gate = ToldGate(Account("http://x", "id", "secret"), clock.sleep)
    for endpoint in ("persons", "employments"):
        gate.enter(endpoint)
        gate.leave(endpoint, headers(1, 1, 0) if endpoint == "persons" else headers(9, 1, 9))
    started = clock.now
    gate.enter("employments")
    assert clock.now == started


def test_v2s_limits_are_never_met(monkeypatch: pytest.MonkeyPatch) -> None:
    refused: list[str] = []
    asked = Limits.v2

    def noticing(limits: Limits, endpoint: str) -> float:
        wait = asked(limits, endpoint)
        if wait > 0:
            refused.append(endpoint)
        return wait

    monkeypatch.setattr(Limits, "v2", noticing)
    with (
        account(180, Switches(paced=True)) as sandbox,
        closing(PersonioV2(replace(sandbox, in_flight=8))) as personio,
    ):
        started = time.monotonic()
        reading = personio.employees(ATTRIBUTES)
        assert sum(len(page.employees) for page in reading) == 180
        took = time.monotonic() - started
    assert refused == []
    assert took >= (180 - 100) / 30 - 0.5


@pytest.mark.parametrize(("per_minute", "least"), [(0, 0.0), (1200, 0.5)])
def test_a_pace_of_ones_own_is_kept_and_zero_is_none(per_minute: int, least: float) -> None:
    recorded = RecordedV2([person_v2(number) for number in range(1, 61)])
    with client(recorded, v2_requests_per_minute=per_minute) as personio:
        started = time.monotonic()
        list(personio.employees(ATTRIBUTES))
        took = time.monotonic() - started
    assert least <= took < 10


def test_unpaced_told_limits_are_left_to_personio() -> None:
    with (
        account(180) as sandbox,
        closing(PersonioV2(replace(sandbox, v2_requests_per_minute=0))) as personio,
    ):
        started = time.monotonic()
        list(personio.employees(ATTRIBUTES))
        assert time.monotonic() - started < 2.5
