"""A read of all persons over v2: page after page, the employments of each side by side."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from rollcall.provisioning.employee import UNKNOWN, Employee, Unknown
from rollcall.provisioning.reason import Reason
from rollcall.sources.base import Page, Summary
from rollcall.sources.newest import Newest
from rollcall.sources.personio import cleaning
from rollcall.sources.personio.errors import PersonioUnreachable
from rollcall.sources.personio.essentials import missing_essentials, unreadable
from rollcall.sources.personio.v2.dialect import NotThere
from rollcall.sources.personio.v2.lists import rows
from rollcall.sources.personio.v2.names import Names
from rollcall.sources.personio.v2.pagination import Cursors
from rollcall.sources.personio.v2.parsing import Parsed, Record, Wire, current, parsed

MOST_LOST: Final = 2
"""More employments than this failing, after all tries, is no bad record but a dead server."""
MOST_PEOPLE: Final = 100_000
"""v2 announces no total, and everybody costs a request: a list that goes on here has no end."""
PAGES_AHEAD: Final = 2
"""Pages whose employments are asked for at once, so that nobody waits for a page's last one."""

Job = Wire | None
"""The employment that counts, empty where there is none; None where it could not be had."""


@dataclass(frozen=True, slots=True)
class Calls:
    """What a read asks for: a page of persons by its cursor, and the employments of one person."""

    persons: Callable[[str | None], dict[str, Any]]
    employments: Callable[[str], dict[str, Any]]


class PersonsReading:
    """One read of Personio's persons, v2.

    v2 has no list of all employments (GET persons/{id}/employments), so everybody costs a request.
    `calls` may be made from several threads of `pool` at once.
    """

    def __init__(
        self,
        calls: Calls,
        names: Callable[[], Mapping[str, Names]],
        attributes: Sequence[str],
        pool: Executor,
    ) -> None:
        self._calls = calls
        self._names = names
        self._asked = frozenset(attributes)
        self._pool = pool
        self._newest = Newest()
        self._absent = [key for key in dict.fromkeys(attributes) if key != "id"]
        self._unusable: Counter[str] = Counter()
        self._nameless = 0
        self._lost = 0
        self._gone = 0
        self._cursors = Cursors()
        self._summary: Summary | None = None

    @property
    def summary(self) -> Summary:
        """What the read came to; RuntimeError until the last page has been taken."""
        if self._summary is None:
            raise RuntimeError("a read has no summary before its last page has been taken")
        return self._summary

    def __iter__(self) -> Iterator[Page]:
        """The pages, in Personio's order.

        Raises:
            AccessDenied: the first page shows that an essential attribute is not readable.
            PersonioError: Personio could not be read to the end.
        """
        under_way: deque[_Batch] = deque()
        offset = 0
        try:
            for persons in self._pages():
                under_way.append(self._batch(persons, offset))
                offset += len(persons)
                if len(under_way) == PAGES_AHEAD:
                    yield self._page(under_way.popleft())
            while under_way:
                yield self._page(under_way.popleft())
        finally:
            for batch in under_way:
                batch.cancel()
        self._summary = self._summed_up()

    def _pages(self) -> Iterator[list[Any]]:
        """The persons of one page after the other, those left out whose record does not count."""
        cursor: str | None = None
        first = 0
        while True:
            content = self._calls.persons(cursor)
            listed = rows(content)
            known = len(self._newest)
            persons = self._counting(listed, first)
            first += len(listed)
            # Not the newer records: a list that only ever changes would have no end.
            cursor = self._cursors.after(content, news=len(self._newest) > known)
            yield persons
            if cursor is None or len(self._newest) >= MOST_PEOPLE:
                return

    def _counting(self, listed: list[Any], first: int) -> list[Any]:
        """Those of a page's persons whose records count; `first` is the place of the first.

        Decided by what the list says of the persons, before their employments are asked for: whose
        record does not count costs no request.
        """
        persons: dict[str, Any] = {}
        for place, person in enumerate(listed, first):
            number = _id(person)
            if number is None:
                self._nameless += 1
            # Here and not when the page is done: the next page is on its way by then.
            elif self._newest.takes_record(number, _modified(person), place, hash(repr(person))):
                persons[number] = person
        return list(persons.values())

    def _batch(self, persons: list[Any], offset: int) -> _Batch:
        jobs = [self._pool.submit(self._job, person) for person in persons]
        return _Batch(persons, jobs, offset)

    def _job(self, person: Wire) -> Job:
        if person.get("employments") == []:
            return {}  # nothing to ask for
        return current(rows(self._calls.employments(cleaning.identity(person.get("id")))))

    def _page(self, batch: _Batch) -> Page:
        # Asked for with the first page, so that whoever may not read persons is told that and no
        # more.
        names = self._names()
        jobs = [self._taken(future) for future in batch.jobs]
        records = [
            parsed(Record(person, job or {}, names), self._asked, self._unusable)
            for person, job in zip(batch.persons, jobs, strict=True)
        ]
        if batch.offset == 0:
            self._must_hold_essentials(records)
        carried = _carried(records)
        self._absent = [key for key in self._absent if key not in carried]
        return Page(_employees(records), batch.offset, None)

    def _taken(self, future: Future[Job]) -> Job:
        try:
            return future.result()
        except NotThere:
            # Deleted since the page was read; whether a person without employments is one who has
            # left, the next read will tell.
            self._gone += 1
        except PersonioUnreachable:
            # One record that Personio itself stumbles over must not keep all others away.
            if self._lost >= MOST_LOST:
                raise
            self._lost += 1
        return None

    def _must_hold_essentials(self, first: Sequence[Parsed]) -> None:
        missing = missing_essentials(_carried(first), self._asked)
        if missing and any(record.employee for record in first):
            raise unreadable(missing)

    def _summed_up(self) -> Summary:
        notes: list[Reason] = []
        whole = self._cursors.is_whole
        if not whole:
            notes.append(Reason("list_without_end", {"received": str(len(self._newest))}))
        if without := self._lost + self._gone:
            notes.append(Reason("employments_lost", {"count": str(without)}))
        if self._nameless:
            notes.append(Reason("records_without_id", {"count": str(self._nameless)}))
        for key, count in sorted(self._unusable.items()):
            notes.append(Reason("values_unusable", {"attribute": key, "count": str(count)}))
        notes += self._newest.notes()
        # Without an employment nobody knows whether somebody still works there.
        complete = whole and not (without or self._nameless)
        absent = tuple(self._absent) if self._newest else ()
        return Summary(None, len(self._newest), complete, tuple(notes), absent)


@dataclass(frozen=True, slots=True)
class _Batch:
    """A page's persons whose records count, with their employments on the way."""

    persons: list[Any]
    jobs: list[Future[Job]]
    offset: int

    def cancel(self) -> None:
        """Ask for no more of them."""
        for job in self.jobs:
            job.cancel()


def _employees(records: Sequence[Parsed]) -> tuple[Employee, ...]:
    return tuple(record.employee for record in records if record.employee is not None)


def _carried(records: Sequence[Parsed]) -> frozenset[str]:
    """The attributes that at least one of the records carried."""
    return frozenset[str]().union(*(record.keys for record in records))


def _id(person: object) -> str | None:
    try:
        return cleaning.identity(person.get("id")) if isinstance(person, dict) else None
    except cleaning.Unusable:
        return None


def _modified(person: Wire) -> datetime | Unknown | None:
    try:
        return cleaning.moment(person.get("updated_at"))
    except cleaning.Unusable:
        return UNKNOWN
