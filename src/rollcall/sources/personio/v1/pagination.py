"""Which pages to ask for next, and whether the whole list was seen: no network, only counting."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Final

PAGE_SIZE: Final = 100
"""Personio's largest page (v1, GET employees, since 2025-01-31)."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A page to ask for: up to `size` records from `offset` on. `again` marks its second chance."""

    offset: int
    size: int
    again: bool = False


@dataclass
class Walk:
    """One pass over Personio's list.

    `offset` counts records, so the walk steps by what the first page really held, whatever size it
    was asked for, and closes the gap behind each page that came short. The total is what Personio
    said with the pages; without one the walk goes on, page by page, to the first empty page.
    """

    totals: list[int] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    nameless: int = 0
    lost: list[Ask] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._step = 0
        self._next = 0
        self._end = 0
        self._due: deque[Ask] = deque([Ask(0, PAGE_SIZE)])
        self._aside: deque[Ask] = deque()

    def next(self) -> Ask | None:
        """The next page to ask for; None when no more is known of until another answer comes."""
        if self._due:
            return self._due.popleft()
        if self._step and self._next < self._end:
            self._next += self._step
            return Ask(self._next - self._step, self._step)
        return self._aside.popleft() if self._aside else None

    def arrived(self, ask: Ask, count: int, total: int | None) -> None:
        """Take note of an answer with `count` records, `total` being announced with it."""
        if total is None:
            self._end = max(self._end, ask.offset + count + (count > 0))
        else:
            # An empty page promises nothing: a total that runs ahead of it would never be reached.
            self._end = max(self._end, total) if count else self._end
            if total not in self.totals[-1:]:
                self.totals.append(total)
        if not self._step:
            self._step = self._next = count
        elif 0 < count < ask.size and ask.offset + count < self._end:
            self._due.append(Ask(ask.offset + count, ask.size - count))

    def failed(self, ask: Ask) -> None:
        """Take note of a page that did not come; it is asked for once more after all others."""
        if ask.again:
            self.lost.append(ask)
        else:
            self._aside.append(Ask(ask.offset, ask.size, again=True))

    @property
    def failures(self) -> int:
        """How many pages did not come, those included that have a second chance ahead."""
        return len(self._aside) + len(self.lost)

    @property
    def total(self) -> int | None:
        """The total announced last; None where there never was one."""
        return self.totals[-1] if self.totals else None

    @property
    def is_still(self) -> bool:
        """Whether the list stood still and every record of it was seen exactly once, or more."""
        return len(self.totals) <= 1 and self.total in (None, len(self.ids) + self.nameless)
