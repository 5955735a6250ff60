"""How fast requests may go: one bucket of permits that all threads of a client draw from."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Self

BURST_SHARE: Final = 20
"""A minute's limit divided by this is what may go in one second: Personio's 15 of 300."""

Sleep = Callable[[float], object]


@dataclass(frozen=True, slots=True)
class Pace:
    """`burst` requests at once after a rest, then `per_second` of them."""

    burst: int
    per_second: float

    @classmethod
    def of(cls, per_minute: int) -> Self:
        """The fastest pace that keeps both of Personio's limits, the minute's and the second's.

        A bucket lets through `burst + per_second × t` in any span of t seconds. So the burst and
        one second's refill together fit the second's limit, and with a minute's refill they fit
        the minute's: for 300 a minute and 15 a second that is a burst of 10, then 4.8 a second.
        """
        burst = max(1, int((per_minute / BURST_SHARE - per_minute / 60) * 60 / 59))
        return cls(burst, max(per_minute - burst, 1) / 60)


@dataclass
class Bucket:
    """Permits to send a request; `pace` None gives them out freely, unless paused.

    `clock` and `sleep` count seconds, and are parameters so that a test need not wait. A `sleep`
    that returns something true was woken: nobody needs the permit any more.
    """

    pace: Pace | None
    clock: Callable[[], float] = time.monotonic
    sleep: Sleep = time.sleep
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def __post_init__(self) -> None:
        self._permits = float(self.pace.burst) if self.pace else 0.0
        self._counted_at = self._paused_until = self.clock()

    def take(self) -> None:
        """Wait until a request may be sent."""
        while (wait := self._take_or_wait()) > 0:
            if self.sleep(wait):
                return

    def pause(self, seconds: float) -> None:
        """Let nobody send for so long: Personio has told one of the threads to slow down."""
        with self._lock:
            until = self.clock() + seconds
            if until > self._paused_until:
                self._paused_until = self._counted_at = until
                # One and not none: whoever is let in first finds out whether the limit has passed.
                self._permits = 1.0

    def _take_or_wait(self) -> float:
        with self._lock:
            now = self.clock()
            if now < self._paused_until:
                return self._paused_until - now
            if self.pace is None:
                return 0.0
            earned = max(0.0, now - self._counted_at) * self.pace.per_second
            self._permits = min(self.pace.burst, self._permits + earned)
            self._counted_at = max(now, self._counted_at)
            # A hair's breadth of tolerance: seconds as floats may fall just short of a permit.
            if self._permits >= 1 - 1e-9:
                self._permits = max(0.0, self._permits - 1)
                return 0.0
            return (1 - self._permits) / self.pace.per_second
