"""Writing many rows of which the database may refuse some, because others were faster."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from django.db import DatabaseError, IntegrityError, transaction

T = TypeVar("T")

TOO_LARGE_FOR_AN_INDEX = "54000"
"""PostgreSQL's SQLSTATE for an index row that is too large."""


def write_what_can_be(
    rows: Sequence[T], write: Callable[[Sequence[T]], None]
) -> tuple[list[T], list[T]]:
    """Write these rows, all at once, and in halves where a row is refused; written and refused.

    Each half is written by itself, as far down as it takes: a refused row costs a few statements
    and no other row its place.
    """
    if not rows:
        return [], []
    try:
        # A savepoint: after an error PostgreSQL takes no further statement without one.
        with transaction.atomic():
            write(rows)
        return list(rows), []
    except (DatabaseError, ValueError) as error:
        if not concerns_a_value(error):
            raise
    if len(rows) == 1:
        return [], list(rows)
    middle = len(rows) // 2
    halves = [write_what_can_be(half, write) for half in (rows[:middle], rows[middle:])]
    return [*halves[0][0], *halves[1][0]], [*halves[0][1], *halves[1][1]]


def concerns_a_value(error: Exception) -> bool:
    """Whether the database refused what was to be written, and not the work as a whole."""
    if isinstance(error, IntegrityError | UnicodeError):
        return True
    state = getattr(error.__cause__, "sqlstate", None) or ""
    # PostgreSQL's class of data exceptions (appendix A, error codes).
    return state == TOO_LARGE_FOR_AN_INDEX or state.startswith("22")
