"""What there is to say of a file besides its people: by row or heading, and the first ones only."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from rollcall.provisioning.reason import Reason
from rollcall.sources.csv.columns import folded
from rollcall.sources.csv.dialect import Row

MOST_NOTES: Final = 100
"""How many rows are named; a file of any length may have something wrong in each."""
_ADDRESS: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@dataclass
class Notes:
    """Reasons in the order in which they came, the first ones of many."""

    _kept: list[Reason] = field(default_factory=list)
    _more: int = 0

    def add(self, *reasons: Reason) -> None:
        """Keep these, or count them where there are many already."""
        for reason in reasons:
            if len(self._kept) < MOST_NOTES:
                self._kept.append(reason)
            else:
                self._more += 1

    def told(self) -> tuple[Reason, ...]:
        """Those that are kept, and how many more there were."""
        more = (Reason("csv_more_rows", {"count": str(self._more)}),) if self._more else ()
        return (*self._kept, *more)


def of_heading(heading: Sequence[str]) -> tuple[Reason, ...]:
    """That it is a person's row, and the headings that stand there more than once."""
    if any(_ADDRESS.fullmatch(title.strip()) for title in heading):
        return (Reason("csv_without_heading", {}),)
    names = {folded(title): title.strip() for title in reversed(heading)}
    counts = Counter(map(folded, heading))
    return tuple(
        Reason("csv_heading_repeated", {"heading": names[name]})
        for name, count in counts.items()
        if count > 1 and name
    )


def of_row(row: Row, width: int) -> tuple[Reason, ...]:
    """That the row has a value beyond the last of `width` headings, where it has."""
    if not any(value.strip() for value in row.values[width:]):
        return ()
    params = {"row": str(row.number), "count": str(len(row.values)), "limit": str(width)}
    return (Reason("csv_row_too_long", params),)


def of_rows(rows: Iterable[Row], width: int, notes: Notes) -> Iterator[Row]:
    """The rows as they come, with a note of each that is too long."""
    for row in rows:
        notes.add(*of_row(row, width))
        yield row
