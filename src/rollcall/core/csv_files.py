"""Rows as CSV that a spreadsheet can open without taking anybody's value for a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Final

MARK = "\ufeff"
"""Stands first in the file, so that spreadsheets read it as UTF-8."""

_SEPARATORS: Final = ",;\t\r\n"
"""Where spreadsheets begin a cell: which one of them depends on their language, not on the file."""

_SIGNS: Final = "=+\\-@\uff1d\uff0b\uff0d\uff20"
"""What a formula begins with, the full-width forms among them (OWASP, CSV Injection)."""

_PASSED_OVER: Final = "\\s\\x00-\\x1f\\ufeff\"'"
"""What may stand before a formula in its cell: a spreadsheet takes it away, or reads past it."""

# From the beginning of such a stretch alone, and without going back: a value of nothing but line
# breaks takes as long as any other of its length.
_BEFORE_A_SIGN: Final = re.compile(f"(?<![{_PASSED_OVER},;])[{_PASSED_OVER},;]*+(?=[{_SIGNS}])")
_BREAKS: Final = re.compile("[\t\r\n]")


def cell(value: object) -> str:
    """The value as text that no spreadsheet takes for a formula, wherever it splits.

    Excel splits at `;` where the decimal sign is a comma, and what is pasted at tabs; quotes keep a
    cell together only for the sign that they were written for. So a mark `'` stands at each place
    where a cell that is a formula could begin, and before a separator that stands first.
    """
    text = _BEFORE_A_SIGN.sub(_marked, "" if value is None else str(value))
    return f"'{text}" if text[:1] in tuple(_SEPARATORS) else text


def _marked(stretch: re.Match[str]) -> str:
    """What stands before a sign, with a mark at each place where its cell may begin."""
    text = stretch[0]
    begins = max(text.rfind(","), text.rfind(";")) + 1
    mark = "'" if begins or stretch.start() == 0 else ""
    return text[:begins] + mark + _BREAKS.sub(r"\g<0>'", text[begins:])


def lines(rows: Iterable[Sequence[object]]) -> str:
    """These rows as lines of CSV."""
    text = io.StringIO()
    csv.writer(text).writerows([cell(value) for value in row] for row in rows)
    return text.getvalue()
