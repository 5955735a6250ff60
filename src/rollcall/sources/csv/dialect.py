"""How a file separates its values, and its rows with the numbers that an editor shows."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Final

from rollcall.provisioning.reason import gettext_noop
from rollcall.sources.errors import SourceMisbehaved

SEPARATORS: Final = (";", ",", "\t", "|")
MOST_COLUMNS: Final = 500
LONGEST_VALUE: Final = 20_000
"""Characters in one value: what is longer is a quotation mark that is never closed."""
SAMPLED_ROWS: Final = 50

UNCLOSED: Final = gettext_noop(
    "Row {row} of the file has a value longer than {limit} characters: is a quotation mark missing "
    "there?"
)
OPEN: Final = gettext_noop(
    "In row {row} of the file a quotation mark is opened and never closed, so that everything "
    "below it would be one value. Close it, or take it away."
)
TOO_WIDE: Final = gettext_noop(
    "Row {row} of the file has more than {limit} values. Export only the columns that are needed."
)
_END: Final = "\x00"
"""A last line that no text has (`encoding.decode`): within a value it shows an open quotation."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the number of its first line in the file, from 1 on, and its values."""

    number: int
    values: tuple[str, ...]


def detect_separator(text: str) -> str:
    """The character between values: the one that cuts most of the first rows like the first.

    Where several do, the one that makes more columns; a file of one column has a comma.
    """
    # Bounded in characters too: without a line break the first row would be the whole file.
    sample = text[: SAMPLED_ROWS * 2000]
    candidates = [(_agreement(sample, separator), separator) for separator in SEPARATORS]
    (share, columns), best = max(candidates, key=lambda candidate: candidate[0])
    return best if columns > 1 and share > 0 else ","


def rows(text: str, separator: str) -> Iterator[Row]:
    """Every row that holds anything, the heading first.

    Raises:
        SourceMisbehaved: a quotation mark is never closed, or a row has too many values; the
            message names the row.
    """
    lines = chain(io.StringIO(text, newline=""), [_END])
    for row in _rows(lines, separator):
        if row.values == (_END,):
            return
        if any(_END in value for value in row.values):
            raise SourceMisbehaved(OPEN, row=row.number)
        yield row


def _rows(lines: Iterable[str], separator: str) -> Iterator[Row]:
    reader = csv.reader(lines, delimiter=separator)
    csv.field_size_limit(LONGEST_VALUE)
    first_line = 1
    while True:
        try:
            values = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise SourceMisbehaved(UNCLOSED, row=first_line, limit=LONGEST_VALUE) from None
        if len(values) > MOST_COLUMNS:
            raise SourceMisbehaved(TOO_WIDE, row=first_line, limit=MOST_COLUMNS)
        # Excel's own line before the heading, which names the separator: `sep=;`.
        is_hint = first_line == 1 and values and values[0].lower() == "sep=" and not any(values[1:])
        if not is_hint and any(value.strip() for value in values):
            yield Row(first_line, tuple(values))
        # Lines and not rows: a value may hold line breaks, and editors number lines.
        first_line = reader.line_num + 1


def _agreement(sample: str, separator: str) -> tuple[float, int]:
    """How many of the first rows have as many values as the first, and how many those are."""
    # Without the look at the end: a sample may end within a quotation.
    sampled = _rows(io.StringIO(sample, newline=""), separator)
    try:
        widths = [len(row.values) for _, row in zip(range(SAMPLED_ROWS), sampled, strict=False)]
    except SourceMisbehaved:
        return (0.0, 0)
    if not widths or widths[0] < 2:
        return (0.0, 0)
    return (widths.count(widths[0]) / len(widths), widths[0])
