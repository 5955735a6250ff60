"""Which faults the account shows, how often, and the dice that decide about each request."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

KINDS: Mapping[str, str] = {
    "429": "too many requests, whatever the pace",
    "500": "Something went wrong",
    "502": "a gateway's HTML page",
    "504": "a gateway's empty answer",
    "timeout": "the answer comes after --timeout-delay seconds",
    "truncate": "the body is cut off in the middle",
    "drop": "the connection is closed without an answer",
    "expire-token": "401, and the token is dead from then on",
    "html": "200 with an HTML page",
    "success-false": "200 that says success: false (v1)",
    "shift": "a page of employees as if somebody before it had vanished (three times at most)",
}
ON_AUTH = frozenset(("429", "500", "timeout"))
MOST_SHIFTS = 3


@dataclass(frozen=True)
class Faults:
    """A probability (0 to 1) for each kind of fault; `timeout_delay` is in seconds."""

    rates: Mapping[str, float] = field(default_factory=dict)
    timeout_delay: float = 60.0
    seed: int = 1

    @classmethod
    def parse(cls, *texts: str, timeout_delay: float = 60.0, seed: int = 1) -> Faults:
        """From texts like `429:0.1`. Raises ValueError with a sentence for the user."""
        return cls(dict(_rates(texts)), timeout_delay, seed)


def _rates(texts: Iterable[str]) -> Iterable[tuple[str, float]]:
    for text in texts:
        kind, colon, number = text.partition(":")
        if kind not in KINDS or not colon:
            raise ValueError(f"{text!r} is no fault; write one of {', '.join(KINDS)}, then :0.1")
        try:
            rate = float(number)
        except ValueError:
            rate = -1
        if not 0 <= rate <= 1:
            raise ValueError(f"{text!r} needs a probability from 0 to 1 after the colon")
        yield kind, rate


class Dice:
    """Decides about one request after the other, the same way for the same seed and order."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._random = random.Random(faults.seed)
        self._shifts = 0

    @property
    def timeout_delay(self) -> float:
        """How many seconds a late answer takes."""
        return self._faults.timeout_delay

    def throw(self, path: str) -> str | None:
        """The fault of a request for `path`, or None. At most one each."""
        if not path.startswith(("/v1/", "/v2/")):
            return None
        auth = "/auth" in path
        for kind, rate in self._faults.rates.items():
            if kind == "shift" or (auth and kind not in ON_AUTH):
                continue
            if kind == "success-false" and not path.startswith("/v1/"):
                continue
            if self._random.random() < rate:
                return kind
        return None

    def shift(self) -> bool:
        """Whether the list of people changes just before this page."""
        # Bounded, or a client that reads a list anew whenever it moved would never come to an end.
        if self._shifts >= MOST_SHIFTS or "shift" not in self._faults.rates:
            return False
        if self._random.random() >= self._faults.rates["shift"]:
            return False
        self._shifts += 1
        return True

    def coin(self) -> bool:
        """One of two, evenly."""
        return self._random.random() < 0.5
