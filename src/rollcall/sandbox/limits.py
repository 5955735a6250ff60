"""How many requests the account takes: Personio's published and measured limits."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

Clock = Callable[[], float]


@dataclass
class Window:
    """At most `most` requests in any `seconds`, and after a breach a `cool_down` of refusals.

    With `trickle` one request a second goes through during the cool-down.
    """

    most: int
    seconds: float
    cool_down: float = 0
    trickle: bool = False
    _taken: deque[float] = field(default_factory=deque)
    _closed_until: float = float("-inf")

    def wait(self, now: float) -> float:
        """The seconds until a request may come; 0 when one may come now. Notes a breach."""
        while self._taken and self._taken[0] <= now - self.seconds:
            self._taken.popleft()
        if now < self._closed_until:
            return self._during_cool_down(now)
        if len(self._taken) < self.most:
            return 0
        # The breach itself starts the cool-down: a client that keeps asking does not make it
        # longer.
        if self.cool_down:
            self._closed_until = now + self.cool_down
            return self._during_cool_down(now)
        return self._taken[0] + self.seconds - now

    def _during_cool_down(self, now: float) -> float:
        if self.trickle:
            return max(0.0, self._taken[-1] + 1 - now) if self._taken else 0
        return self._closed_until - now

    def take(self, now: float) -> None:
        """Count a request."""
        self._taken.append(now)


@dataclass
class Bucket:
    """A token bucket as v2 tells of in its headers: `burst` at once, `refill` a second."""

    burst: int
    refill: int
    _level: float = -1
    _at: float = 0

    def level(self, now: float) -> float:
        """How many requests may come now."""
        if self._level < 0:
            self._level, self._at = self.burst, now
        self._level = min(self.burst, self._level + (now - self._at) * self.refill)
        self._at = now
        return self._level

    def wait(self, now: float) -> float:
        """The seconds until a request may come; 0 when one may come now."""
        return max(0.0, (1 - self.level(now)) / self.refill)

    def take(self, now: float) -> None:
        """Count a request."""
        self._level = max(0.0, self.level(now) - 1)

    def headers(self, now: float) -> dict[str, str]:
        """The four headers on every v2 answer."""
        return {
            "x-ratelimit-burst-capacity": str(self.burst),
            "x-ratelimit-replenish-rate": str(self.refill),
            "x-ratelimit-requested-tokens": "1",
            "x-ratelimit-remaining": str(int(self.level(now))),
        }


class Limits:
    """The limits of one account; `paced` makes them refuse, otherwise they only count."""

    def __init__(self, paced: bool, clock: Clock = time.monotonic) -> None:
        self._paced = paced
        self._clock = clock
        self._v1_auth = [Window(60, 60, cool_down=60)]
        self._v1_employees = [Window(300, 60), Window(15, 1)]
        self._v2_auth = [Window(150, 60, cool_down=60, trickle=True)]
        self._v1_callers: dict[str, Window] = {}
        self._buckets: dict[str, Bucket] = {}

    def v1_auth(self, caller: str) -> float:
        """Count a request for a v1 token; the seconds to wait, 0 when it may come."""
        return self._ask([*self._v1_auth, self._caller(caller)])

    def v1_employees(self, caller: str) -> float:
        """Count a request for the list of employees; the seconds to wait, 0 when it may come."""
        return self._ask([*self._v1_employees, self._caller(caller)])

    def v1(self, caller: str) -> float:
        """Count any other v1 request; the seconds to wait, 0 when it may come."""
        return self._ask([self._caller(caller)])

    def v2_auth(self) -> float:
        """Count a request for a v2 token; the seconds to wait, 0 when it may come."""
        return self._ask(list(self._v2_auth))

    def v2(self, endpoint: str) -> float:
        """Count a request to a v2 endpoint; the seconds to wait, 0 when it may come."""
        return self._ask([self._bucket(endpoint)])

    def v2_headers(self, endpoint: str) -> dict[str, str]:
        """The headers that tell how full the endpoint's bucket is."""
        return self._bucket(endpoint).headers(self._clock())

    def _caller(self, caller: str) -> Window:
        return self._v1_callers.setdefault(caller, Window(2000, 60))

    def _bucket(self, endpoint: str) -> Bucket:
        return self._buckets.setdefault(endpoint, Bucket(burst=100, refill=30))

    def _ask(self, gates: list[Window] | list[Bucket]) -> float:
        now = self._clock()
        wait = max(gate.wait(now) for gate in gates) if self._paced else 0.0
        if wait <= 0:
            for gate in gates:
                gate.take(now)
        return wait
