"""Which failures are worth another try, how long to wait before it, and when to give up."""

from __future__ import annotations

import email.utils
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, TypeVar

import tenacity

from rollcall.sources.personio.errors import PersonioError, PersonioUnreachable

T = TypeVar("T")

RETRIED_STATUSES: Final = frozenset({429, 500, 502, 503, 504})
LONGEST_WAIT: Final = 120.0
"""Seconds to wait at the most, even if Personio's Retry-After asks for more."""
LONGEST_GROWTH: Final = 15
"""How many times the first wait the longest one is: 0.2 seconds grow to 3."""
LONGEST_THROTTLE_GROWTH: Final = 30
"""The same after a 429: one second grows to half a minute."""
FEW_TRIES: Final = 4
"""For failures that something else explains better than bad luck."""


class Fault(Exception):
    """A failure that may pass. `what` completes "Personio gave no usable answer: …".

    `retry_after` is what the answer asked to wait, in seconds. `tries` is how often this kind of
    failure is met before giving up, and `ends_as` the error that it then becomes.
    """

    def __init__(
        self,
        what: str,
        *,
        retry_after: float | None = None,
        tries: int | None = None,
        ends_as: Callable[[str], PersonioError] = PersonioUnreachable,
    ) -> None:
        super().__init__(what)
        self.what = what
        self.retry_after = retry_after
        self.tries = tries
        self.ends_as = ends_as


class Throttled(Fault):
    """HTTP 429: all threads are to slow down."""


class Elsewhere(Fault):
    """Nobody answered, or somebody else did: until Personio has answered once, a wrong address."""


class Trickling(Elsewhere):
    """An answer that goes on for longer than any of Personio's, however far it has come.

    It is the one failure that costs its whole time at every try, so there are two of them.
    """

    def __init__(self, what: str) -> None:
        super().__init__(what, tries=2)


@dataclass(frozen=True, slots=True)
class Patience:
    """How often and how long one call is tried.

    With one of ten answers failing in each of ten ways at once, 20 tries in a row fail for one
    call in five thousand. `longest` bounds them all together; all times are in seconds. Waits grow
    by doubling from `first_wait` (after a 429 from `throttle_wait`) to a longest one, with a random
    part so that threads do not come back together.
    """

    tries: int = 20
    longest: float = 300.0
    first_wait: float = 0.2
    throttle_wait: float = 1.0
    jitter: Callable[[], float] = field(default=random.random, repr=False)

    def wait_before_next(self, fault: Fault, nth: int) -> float:
        """Seconds to wait after the nth fault (from 1) of this kind that one call has met."""
        if isinstance(fault, Throttled):
            # Never sooner than asked, and the random part only adds: earlier would meet the same
            # limit.
            wait = self.throttle_wait * min(LONGEST_THROTTLE_GROWTH, 1 << (nth - 1))
            return min(LONGEST_WAIT, max(wait * (1 + self.jitter() / 4), fault.retry_after or 0.0))
        wait = self.first_wait * min(LONGEST_GROWTH, 1 << (nth - 1))
        if fault.retry_after is not None:
            return min(LONGEST_WAIT, max(fault.retry_after, self.first_wait))
        return wait * (1 - self.jitter() / 2)


class _Tries:
    """The tries of one call: which faults it has met, and what that means for the next one."""

    def __init__(self, patience: Patience) -> None:
        self._patience = patience
        # Counted by kind: an answer that is odd once among many time-outs is no wrong address.
        self._met: Counter[type[Fault]] = Counter()

    def noting(self, call: Callable[[], T]) -> Callable[[], T]:
        """The call, of which each fault that it meets is noted."""

        def attempt() -> T:
            try:
                return call()
            except Fault as fault:
                self._met[type(fault)] += 1
                raise

        return attempt

    def wait(self, state: tenacity.RetryCallState) -> float:
        """Seconds to wait before the next try."""
        fault = _fault(state)
        return self._patience.wait_before_next(fault, self._met[type(fault)])

    def are_enough(self, state: tenacity.RetryCallState) -> bool:
        """Whether no further try is to be made."""
        fault, patience = _fault(state), self._patience
        few = fault.tries is not None and self._met[type(fault)] >= fault.tries
        over = (state.seconds_since_start or 0.0) >= patience.longest
        return few or over or state.attempt_number >= patience.tries


def persist(
    call: Callable[[], T],
    patience: Patience,
    sleep: Callable[[float], object],
    on_wait: Callable[[Fault, float], None],
) -> T:
    """Make the call until it succeeds; `on_wait` hears of each fault and the wait that follows.

    Raises:
        PersonioError: the call raised it, or its faults did not end in time.
    """

    def rest(seconds: float) -> None:
        sleep(seconds)

    tries = _Tries(patience)
    retrying = tenacity.Retrying(
        retry=tenacity.retry_if_exception_type(Fault),
        stop=tries.are_enough,
        wait=tries.wait,
        sleep=rest,
        before_sleep=lambda state: on_wait(_fault(state), state.upcoming_sleep),
        reraise=True,
    )
    try:
        return retrying(tries.noting(call))
    except Fault as fault:
        # `from None`: the cause's own text may hold the address with what was asked for.
        raise fault.ends_as(f"Personio gave no usable answer: {fault.what}") from None


def retry_after(header: str | None, now: datetime | None = None) -> float | None:
    """Seconds that a `Retry-After` header asks for: a number, or a date counted from `now`."""
    if not header:
        return None
    text = header.strip()
    if text.isascii() and text.replace(".", "", 1).isdigit():
        return float(text)
    try:
        moment = email.utils.parsedate_to_datetime(text)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - (now or datetime.now(UTC))).total_seconds())


def _fault(state: tenacity.RetryCallState) -> Fault:
    fault = state.outcome.exception() if state.outcome else None
    assert isinstance(fault, Fault)  # noqa: S101 - only faults are retried
    return fault
