"""Rows as CSV that a spreadsheet can open without taking anybody's value for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

MARK = "\ufeff"
"""Stands first in the file, so that spreadsheets read it as UTF-8."""

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def cell(value: object) -> str:
    """The value as text that no spreadsheet takes for a formula."""
    found = "" if value is None else str(value)
    return f"'{found}" if found.startswith(_FORMULA_STARTS) else found


def lines(rows: Iterable[Sequence[object]]) -> str:
    """These rows as lines of CSV."""
    text = io.StringIO()
    csv.writer(text).writerows([cell(one) for one in row] for row in rows)
    return text.getvalue()
