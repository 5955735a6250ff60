"""Versions of operating systems, compared number by number."""

from __future__ import annotations

import re
from typing import Final

LONGEST: Final = 32
_NUMBERS: Final = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9}){0,7}")


def is_version(text: str) -> bool:
    """Whether these are numbers with dots between."""
    return _NUMBERS.fullmatch(text) is not None


def has_version(text: str) -> bool:
    """Whether it begins with such numbers, so that it can be compared."""
    return _NUMBERS.match(text) is not None


def compared(one: str, other: str) -> int:
    """Below 0, 0 or above it as the first version is before, the same as or after the second.

    `14` and `14.0` are the same; what comes after the numbers (`14.2-beta`) does not count.
    """
    first, second = _parts(one), _parts(other)
    length = max(len(first), len(second))
    first += [0] * (length - len(first))
    second += [0] * (length - len(second))
    return (first > second) - (first < second)


def _parts(text: str) -> list[int]:
    match = _NUMBERS.match(text[:LONGEST])
    return [int(number) for number in match[0].split(".")] if match else [0]
