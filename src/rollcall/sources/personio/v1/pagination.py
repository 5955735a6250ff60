"""Which pages to ask for next, and whether the whole list was seen: no network, only counting."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Final

PAGE_SIZE: Final = 100
"""Personio's largest page (v1, GET employees, since 2025-01-31)."""
MOST_PEOPLE: Final = 2_000_000
"""More than any account has; a larger total is none."""
MOST_UNTOLD: Final = 50_000
"""People that are read where no total says how many there are, and the list just goes on."""
MOST_PAGES: Final = 50_000
"""Pages of one read: all of them full, two and a half times `MOST_PEOPLE`."""
MOST_PAGES_WITHOUT_NEWS: Final = 20
"""Pages in a row with known people alone; a list that moves while it is read has some of them."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A page to ask for: up to `size` records from `offset` on. `again` marks its second chance."""

    offset: int
    size: int
    again: bool = False


@dataclass
class Walk:
    """One pass over Personio's list.

    `offset` counts records, so the walk steps by what the first page really held, up to the size
    that was asked for, and closes the gap behind each page that came short; a longer page is taken
    as it is. The total is what Personio said with the pages; without one the walk goes on, page by
    page, to the first empty page, which ends it in any case. `is_endless` says that it was given
    up, since the pages went on for longer than any list.
    """

    totals: list[int] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    nameless: int = 0
    lost: list[Ask] = field(default_factory=list)
    is_endless: bool = False

    def __post_init__(self) -> None:
        self._step = 0
        self._next = 0
        self._end = 0
        self._empty_from = MOST_PEOPLE
        self._pages = 0
        self._without_news = 0
        self._records = 0
        self._due: deque[Ask] = deque([Ask(0, PAGE_SIZE)])
        self._aside: deque[Ask] = deque()

    def next(self) -> Ask | None:
        """The next page to ask for; None when no more is known of until another answer comes."""
        if self.is_endless:
            return None
        if self._due:
            return self._due.popleft()
        if self._step and self._next < min(self._end, self._empty_from):
            self._next += self._step
            return Ask(self._next - self._step, self._step)
        return self._aside.popleft() if self._aside else None

    def arrived(self, ask: Ask, count: int, total: int | None, *, news: bool = True) -> None:
        """Take note of an answer with `count` records, `total` being announced with it.

        `news` says that it brought anybody whom this walk had not met.
        """
        self._pages += 1
        self._without_news = 0 if news else self._without_news + 1
        self._records += count
        if not count:
            self._empty_from = min(self._empty_from, ask.offset)
        end = ask.offset + count
        # Without a total that can be believed every page promises one more record.
        if total is None or total > MOST_PEOPLE:
            self._end = max(self._end, end + (count > 0))
        else:
            # An empty page promises nothing: a total that runs ahead of it would never be reached.
            self._end = max(self._end, total) if count else self._end
        if total is not None and total not in self.totals[-1:]:
            self.totals.append(total)
        if not self._step:
            self._step, self._next = min(count, PAGE_SIZE), count
        elif 0 < count < ask.size and end < self._end:
            self._due.append(Ask(end, ask.size - count))
        self._next = max(self._next, end)
        self.is_endless = self._is_enough

    @property
    def _is_enough(self) -> bool:
        """Whether this is more than any list that will come to an end.

        A total that is believed bounds the records, except where it grows with every page.
        """
        promised = self.totals[0] if self.totals and self.totals[0] <= MOST_PEOPLE else 0
        return (
            self._pages >= MOST_PAGES
            or self._records >= 2 * promised + MOST_UNTOLD
            or self._without_news >= MOST_PAGES_WITHOUT_NEWS
        )

    def failed(self, ask: Ask) -> None:
        """Take note of a page that did not come; it is asked for once more after all others."""
        if ask.again:
            self.lost.append(ask)
        else:
            # Last of all: what is broken for the moment has the longest time to mend.
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
