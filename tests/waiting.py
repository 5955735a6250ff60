"""Waiting for what a test is about, and no longer."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

PATIENCE = 120.0
"""Seconds within which what is waited for has to come; far longer than it takes anywhere."""


def wait_until(condition: Callable[[], bool], seconds: float = PATIENCE) -> None:
    """Look at the condition many times a second until it holds."""
    seen_as(condition, bool, seconds)


def seen_as(look: Callable[[], T], wanted: Callable[[T], bool], seconds: float = PATIENCE) -> T:
    """What is seen, looking many times a second, once it is as wanted."""
    end = time.monotonic() + seconds
    while not wanted(seen := look()):
        assert time.monotonic() < end, f"after {seconds} s it is still {seen!r}"
        time.sleep(0.002)
    return seen
