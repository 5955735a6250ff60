"""Who reports to whom: a tree over 0..n-1, numbered level by level, computed, not stored."""

from __future__ import annotations

from itertools import accumulate

SPANS = (7, 8, 6, 9, 7, 6, 8, 7)
"""How many people report to each manager, repeated over the managers in their order."""

# The spans repeat, so that parent and first report follow from one division, at any size.
_PERIOD = len(SPANS)
_TOTAL = sum(SPANS)
_STARTS = (0, *accumulate(SPANS))
_OWNER = tuple(manager for manager, span in enumerate(SPANS) for _ in range(span))


def parent(position: int) -> int | None:
    """The position that `position` reports to, always smaller; None for the top."""
    if position == 0:
        return None
    round_, rest = divmod(position - 1, _TOTAL)
    return round_ * _PERIOD + _OWNER[rest]


def first_report(position: int) -> int:
    """The position of the first direct report, were the company large enough to have one."""
    round_, rest = divmod(position, _PERIOD)
    return 1 + round_ * _TOTAL + _STARTS[rest]


def last_manager(people: int) -> int:
    """The last position that somebody reports to in a company of that size; -1 without any."""
    above = parent(people - 1) if people > 1 else None
    return -1 if above is None else above


def chain(position: int) -> list[int]:
    """The positions from the top down to and including `position`; its length is the depth + 1."""
    upwards = [position]
    above = parent(position)
    while above is not None:
        upwards.append(above)
        above = parent(above)
    upwards.reverse()
    return upwards


def level_start(depth: int) -> int:
    """The first position of a level; the top is level 0."""
    start = 0
    for _ in range(depth):
        start = first_report(start)
    return start
