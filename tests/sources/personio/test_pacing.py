"""Requests keep Personio's limits, make use of the burst, and rest together when told to."""

from __future__ import annotations

import threading
from bisect import bisect_right
from concurrent.futures import ThreadPoolExecutor

import pytest

from rollcall.sources.personio.client import Personio
from rollcall.sources.personio.pacing import Bucket, Pace
from tests.sources.personio.recorded import ATTRIBUTES, Recorded, person, serving


class Clock:
    """Time that passes only by sleeping."""

    def __init__(self) -> None:
        self.now = 5000.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def sent(bucket: Bucket, clock: Clock, count: int) -> list[float]:
    times = []
    for _ in range(count):
        bucket.take()
        times.append(clock.now)
    return times


def most_within(times: list[float], seconds: float) -> int:
    return max(bisect_right(times, start + seconds - 1e-6) - i for i, start in enumerate(times))


@pytest.mark.parametrize("per_minute", [1, 2, 7, 29, 60, 150, 300, 301, 1000, 2000])
def test_no_span_of_sixty_seconds_holds_more_than_the_limit(per_minute: int) -> None:
    clock = Clock()
    bucket = Bucket(Pace.of(per_minute), clock, clock.sleep)
    times = sent(bucket, clock, per_minute * 4)
    clock.now += 90
    times += sent(bucket, clock, per_minute * 4)
    assert most_within(times, 60) <= per_minute


@pytest.mark.parametrize("per_minute", [60, 300, 2000])
def test_the_limit_is_made_use_of(per_minute: int) -> None:
    clock = Clock()
    bucket = Bucket(Pace.of(per_minute), clock, clock.sleep)
    times = sent(bucket, clock, per_minute * 4)
    assert most_within(times, 60) >= per_minute - 1


def test_no_second_holds_more_than_personios_burst_of_fifteen() -> None:
    clock = Clock()
    bucket = Bucket(Pace.of(300), clock, clock.sleep)
    times = sent(bucket, clock, 100)
    assert 14 <= most_within(times, 1) <= 15


def test_after_a_rest_ten_requests_go_at_once() -> None:
    clock = Clock()
    bucket = Bucket(Pace.of(300), clock, clock.sleep)
    assert sent(bucket, clock, 10) == [5000.0] * 10
    clock.now += 60
    assert sent(bucket, clock, 10) == [clock.now] * 10


def test_a_pause_holds_everybody_and_is_not_followed_by_a_burst() -> None:
    clock = Clock()
    bucket = Bucket(Pace.of(300), clock, clock.sleep)
    bucket.take()
    bucket.pause(30)
    bucket.pause(5)
    times = sent(bucket, clock, 3)
    assert times[0] == pytest.approx(5030)
    assert times[1] - times[0] == pytest.approx(60 / 290)


def test_without_a_pace_only_a_pause_holds_anybody() -> None:
    clock = Clock()
    bucket = Bucket(None, clock, clock.sleep)
    assert sent(bucket, clock, 1000) == [5000.0] * 1000
    bucket.pause(2)
    assert sent(bucket, clock, 1) == [5002.0]


def test_threads_share_one_bucket() -> None:
    now, lock = [0.0], threading.Lock()
    times: list[float] = []

    def sleep(seconds: float) -> None:
        with lock:
            now[0] += seconds

    bucket = Bucket(Pace.of(300), lambda: now[0], sleep)

    def take(_: int) -> None:
        bucket.take()
        times.append(now[0])

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(take, range(600)))
    # The bucket lets through ten and then 290 a minute: 600 take two minutes at the least.
    assert max(times) >= 590 / 290 * 60 - 1e-6


def test_a_client_sends_no_faster_than_its_account_says() -> None:
    recorded = Recorded([person(number) for number in range(1, 3001)])
    account = {"requests_per_minute": 600}
    with serving(recorded), Personio(recorded.account(**account)) as personio:
        list(personio.employees(ATTRIBUTES))
    # 20 at once and 9.67 a second: the 31 requests take a second and more.
    assert recorded.times[-1] - recorded.times[0] >= (31 - 20) / 9.67 - 0.1
    assert recorded.times[15] - recorded.times[0] < 1
