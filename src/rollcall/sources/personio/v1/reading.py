"""A read of all employees: pages asked for several at once, everybody once, and nobody lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass
from typing import Any, Final

from rollcall.provisioning.employee import Employee
from rollcall.provisioning.reason import Reason
from rollcall.sources.base import Page, Summary
from rollcall.sources.newest import Newest
from rollcall.sources.personio import responses
from rollcall.sources.personio.errors import PersonioMisbehaved, PersonioUnreachable
from rollcall.sources.personio.essentials import missing_essentials, unreadable
from rollcall.sources.personio.v1.pagination import MOST_PEOPLE, Ask, Walk
from rollcall.sources.personio.v1.parsing import Records, records

MOST_LOST_PAGES: Final = 2
"""More pages than this failing, after all tries, is no bad page but a server that is down."""

MOST_PASSES: Final = 3

MODIFIED: Final = "last_modified_at"
"""Asked for beside the attributes that are wanted: it tells which of two records counts.

No harm where the credential may not read it: Personio leaves it out, and the list's order decides.
"""

Fetch = Callable[[Ask], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class _Answer:
    """A page as it arrived: its records, how many there were, and the total told with them."""

    records: Records
    count: int
    total: int | None


class PagedReading:
    """One read of Personio's list, v1.

    `fetch` brings the body of a page and may be called from several threads of `pool` at once,
    `in_flight` at the most. Where the list changed in the meantime, or where the count does not
    come out, it is read again, three times at the most, and only people not yet seen are passed on,
    or newer records of those who were.
    """

    def __init__(
        self,
        fetch: Fetch,
        attributes: Sequence[str],
        pool: Executor,
        in_flight: int,
    ) -> None:
        self._fetch = fetch
        self._asked = frozenset(asked_for(attributes))
        self._pool = pool
        self._in_flight = in_flight
        self._newest = Newest()
        self._passes = 0
        self._extra = self._asked - frozenset(attributes)
        self._absent = [key for key in dict.fromkeys(attributes) if key != "id"]
        self._unusable: Counter[str] = Counter()
        self._notes: list[Reason] = []
        self._summary: Summary | None = None

    @property
    def summary(self) -> Summary:
        """What the read came to; RuntimeError until the last page has been taken."""
        if self._summary is None:
            raise RuntimeError("a read has no summary before its last page has been taken")
        return self._summary

    def __iter__(self) -> Iterator[Page]:
        """The pages, in the order they arrive.

        Raises:
            AccessDenied: the first page shows that an essential attribute is not readable.
            PersonioError: Personio could not be read to the end.
        """
        for number in range(1, MOST_PASSES + 1):
            walk = Walk()
            self._passes = number
            # Each pass counts anew, or what is odd would be told three times over.
            self._unusable.clear()
            yield from self._pass(walk)
            # Another pass would meet the page that does not come, or the list without an end, as
            # well.
            if walk.is_still or walk.lost or walk.is_endless:
                break
            if number < MOST_PASSES and len(walk.totals) > 1:
                self._note("total_moved", before=walk.totals[0], after=walk.totals[1])
        self._summary = self._summed_up(walk)

    def _pass(self, walk: Walk) -> Iterator[Page]:
        pending: dict[Future[_Answer], Ask] = {}
        try:
            self._ask_for_more(walk, pending)
            while pending:
                done, _ = wait(pending, return_when=FIRST_COMPLETED)
                pages = [self._take(walk, pending.pop(future), future) for future in done]
                # Asked for before the pages are handed over, so that the next ones are on their
                # way while these are being worked on.
                self._ask_for_more(walk, pending)
                yield from (page for page in pages if page is not None)
        finally:
            for future in pending:
                future.cancel()

    def _ask_for_more(self, walk: Walk, pending: dict[Future[_Answer], Ask]) -> None:
        while len(pending) < self._in_flight and (ask := walk.next()) is not None:
            pending[self._pool.submit(self._bring, ask)] = ask

    def _bring(self, ask: Ask) -> _Answer:
        content = self._fetch(ask)
        data = listed(content)
        metadata = content.get("metadata")
        told = metadata.get("total_elements") if isinstance(metadata, dict) else None
        return _Answer(records(data, self._asked), len(data), responses.number(told))

    def _take(self, walk: Walk, ask: Ask, future: Future[_Answer]) -> Page | None:
        try:
            answer = future.result()
        except PersonioUnreachable:
            # One page that never comes (a record that Personio itself stumbles over) must not
            # keep all others away; the first page, or several, mean that Personio is down.
            if ask.offset == 0 or walk.failures >= MOST_LOST_PAGES:
                raise
            walk.failed(ask)
            return None
        if ask.offset == 0:
            self._must_hold_essentials(answer.records)
        known = len(walk.ids) + walk.nameless
        walk.nameless += answer.records.nameless
        walk.ids.update(employee.id for employee in answer.records.employees)
        news = len(walk.ids) + walk.nameless > known
        walk.arrived(ask, answer.count, answer.total, news=news)
        self._unusable.update(answer.records.unusable)
        self._absent = [key for key in self._absent if key not in answer.records.keys]
        # A later pass stands before an earlier one: where no moment decides, what was read last is
        # what Personio says now.
        first = ask.offset - self._passes * MOST_PEOPLE
        return Page(self._counting(answer.records.employees, first), ask.offset, answer.total)

    def _counting(self, employees: Sequence[Employee], first: int) -> tuple[Employee, ...]:
        """Those of a page's employees whose records count; `first` is the place of the first."""
        placed = enumerate(employees, first)
        return tuple(employee for place, employee in placed if self._newest.takes(employee, place))

    def _must_hold_essentials(self, first: Records) -> None:
        missing = missing_essentials(first.keys, self._asked)
        if first.employees and missing:
            raise unreadable(missing)

    def _summed_up(self, walk: Walk) -> Summary:
        whole = not (walk.lost or walk.nameless or walk.is_endless)
        complete = whole and walk.is_still and walk.total is not None
        for ask in walk.lost:
            self._note("page_lost", first=ask.offset + 1, last=ask.offset + ask.size)
        if walk.nameless:
            self._note("records_without_id", count=walk.nameless)
        if walk.is_endless:
            self._note("list_without_end", received=len(walk.ids))
        elif walk.total is None:
            self._note("total_unknown")
        elif len(walk.totals) > 1:
            self._note("total_still_moving", before=walk.totals[0], after=walk.totals[-1])
        elif not complete:
            self._note("total_not_reached", expected=walk.total, received=len(walk.ids))
        absent = tuple(self._absent) if self._newest else ()
        for key, count in sorted(self._unusable.items()):
            if key not in self._extra:
                self._note("values_unusable", attribute=key, count=count)
        notes = (*self._notes, *self._newest.notes())
        return Summary(walk.total, len(self._newest), complete, notes, absent)

    def _note(self, code: str, **params: object) -> None:
        self._notes.append(Reason(code, {key: str(value) for key, value in params.items()}))


def asked_for(attributes: Sequence[str]) -> tuple[str, ...]:
    """What to ask Personio for, so as to read these attributes; none stand for all."""
    return tuple(dict.fromkeys((*attributes, MODIFIED))) if attributes else ()


def listed(content: dict[str, Any]) -> list[Any]:
    """The list that an answer holds.

    Raises:
        PersonioMisbehaved: it holds none.
    """
    data = content.get("data")
    if not isinstance(data, list):
        raise PersonioMisbehaved(
            f"Personio answered with something else than a list; {responses.NOT_PERSONIO}"
        )
    return data
