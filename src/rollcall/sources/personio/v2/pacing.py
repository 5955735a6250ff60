"""The pace that v2's answers tell: one bucket for each endpoint, kept in step by their headers."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Self

from rollcall.sources.personio.account import Account
from rollcall.sources.personio.pacing import Bucket, Pace

SLOWEST: Final = 1 / 60
"""A refill slower than one request a minute is no pace that anybody could keep; it is ignored."""


@dataclass(frozen=True, slots=True)
class Told:
    """What an answer tells of its endpoint's bucket, in requests and requests a second."""

    burst: float
    per_second: float
    remaining: float

    @classmethod
    def of(cls, headers: Mapping[str, str]) -> Self | None:
        """What these headers tell (v2, `x-ratelimit-…` on every answer); None for nothing usable.

        Personio counts in tokens, of which one request may cost more than one.
        """
        names = ("burst-capacity", "replenish-rate", "remaining")
        told = [_number(headers.get(f"x-ratelimit-{name}")) for name in names]
        cost = _number(headers.get("x-ratelimit-requested-tokens")) or 1.0
        burst, per_second, remaining = (
            None if number is None else number / cost for number in told
        )
        if burst is None or per_second is None or remaining is None:
            return None
        # A bucket that one request does not fit into would be waited for without end.
        if burst < 1 or per_second < SLOWEST:
            return None
        return cls(burst, per_second, min(remaining, burst))


@dataclass
class ToldBucket:
    """One endpoint's permits, as far as this client can know them.

    Until an answer has told, requests go freely. Then there are as many permits as the latest
    answer left, less one for each request that is under way and may not have been counted yet, and
    they grow at the told rate. Other programs with the same credential show in the answers.
    """

    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], object] = time.sleep
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def __post_init__(self) -> None:
        self._told: Told | None = None
        self._permits = 0.0
        self._under_way = 0
        self._counted_at = self._paused_until = self.clock()

    def enter(self) -> None:
        """Wait until a request may be sent; a `sleep` that returns something true was woken."""
        while (wait := self._take_or_wait()) > 0:
            if self.sleep(wait):
                with self._lock:
                    self._under_way += 1
                return

    def leave(self, told: Told | None) -> None:
        """An answer came, and told this; or none came."""
        with self._lock:
            self._under_way -= 1
            if told is None:
                return
            self._refill()
            # Answers come out of order: what is still under way may not be counted in this one yet.
            left = told.remaining - self._under_way
            # The lower of both counts: a late answer must not give back what was spent since.
            self._permits = left if self._told is None else min(self._permits, left)
            self._told = told

    def pause(self, seconds: float) -> None:
        """Let nobody in for so long; then one, and the rest at the told rate."""
        with self._lock:
            self._refill()
            until = self.clock() + seconds
            if until > self._paused_until:
                self._paused_until = self._counted_at = until
                self._permits = min(self._permits, 1.0)

    def _take_or_wait(self) -> float:
        with self._lock:
            now = self.clock()
            if now < self._paused_until:
                return self._paused_until - now
            self._refill()
            if self._told is not None:
                # A hair's breadth of tolerance: seconds as floats may fall just short of a permit.
                if self._permits < 1 - 1e-9:
                    return (1 - self._permits) / self._told.per_second
                self._permits -= 1
            self._under_way += 1
            return 0.0

    def _refill(self) -> None:
        now = self.clock()
        if self._told is not None:
            earned = max(0.0, now - self._counted_at) * self._told.per_second
            self._permits = min(self._told.burst, self._permits + earned)
        self._counted_at = max(now, self._counted_at)


class ToldGate:
    """A bucket for each endpoint; and one for all where a setting asks for a pace of its own.

    A setting of 0 asks for none: then only a 429 holds anybody up.
    """

    def __init__(self, account: Account, sleep: Callable[[float], object]) -> None:
        per_minute = account.v2_requests_per_minute
        self._is_free = per_minute == 0
        self._own = Bucket(Pace.of(per_minute), sleep=sleep) if per_minute else None
        self._sleep = sleep
        self._lock = threading.Lock()
        self._buckets: dict[str, ToldBucket] = {}

    def enter(self, endpoint: str) -> None:
        """Wait until a request may be sent."""
        if self._own:
            self._own.take()
        self._bucket(endpoint).enter()

    def leave(self, endpoint: str, headers: Mapping[str, str] | None) -> None:
        """Learn from the headers of an answer; None where there was none."""
        heeded = headers is not None and not self._is_free
        self._bucket(endpoint).leave(Told.of(headers or {}) if heeded else None)

    def pause(self, endpoint: str, seconds: float) -> None:
        """Let nobody in for so long."""
        self._bucket(endpoint).pause(seconds)

    def _bucket(self, endpoint: str) -> ToldBucket:
        with self._lock:
            if endpoint not in self._buckets:
                self._buckets[endpoint] = ToldBucket(sleep=self._sleep)
            return self._buckets[endpoint]


def _number(text: str | None) -> float | None:
    try:
        number = float(text or "")
    except ValueError:
        return None
    return number if math.isfinite(number) and number >= 0 else None
