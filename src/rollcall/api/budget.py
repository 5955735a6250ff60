"""What one key may take of a process: seconds of work that grow back, and a bound for each read."""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

MOST_SECONDS: Final = 1.0
"""Of CPU for one request that only reads, within the database; its answer is bounded in rows."""
RESERVE: Final = 60.0
"""Seconds of work that a rested key may take at once."""
RATE: Final = 0.8
"""Seconds of work that it gets back in a second."""
MOST_KEYS: Final = 10_000

Clock = Callable[[], float]


# In memory and for this process only: to count in the database would cost each read a write.
@dataclass
class _Account:
    """What a key has left, as of a moment."""

    left: float
    at: float


class Budgets:
    """The budgets of all keys in this process; `now` counts seconds, `work` those worked."""

    def __init__(self, now: Clock = time.monotonic, work: Clock = time.thread_time) -> None:
        self._now = now
        self._work = work
        self._lock = threading.Lock()
        self._accounts: OrderedDict[str, _Account] = OrderedDict()

    def wait(self, key: str) -> int:
        """Whole seconds until this key may ask again; 0 where it may now."""
        with self._lock:
            left = self._refilled(key).left
        return 0 if left > 0 else max(1, math.ceil(-left / RATE))

    @contextmanager
    def spending(self, key: str) -> Iterator[None]:
        """Take from the key's budget what this thread works meanwhile."""
        began = self._work()
        try:
            yield
        finally:
            with self._lock:
                # Afterwards, and below zero too: what a read costs is known when it is over.
                self._refilled(key).left -= self._work() - began

    def _refilled(self, key: str) -> _Account:
        now = self._now()
        # Filled when it is looked at: no timer is needed, and a key that rests costs nothing.
        account = self._accounts.setdefault(key, _Account(RESERVE, now))
        account.left = min(RESERVE, account.left + (now - account.at) * RATE)
        account.at = now
        self._accounts.move_to_end(key)
        # Who was away for longest goes, and begins with a full account on coming again.
        if len(self._accounts) > MOST_KEYS:
            self._accounts.popitem(last=False)
        return account


budgets: Final = Budgets()
