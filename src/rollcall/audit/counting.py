"""Events counted: by the values of a field, and by intervals of time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from math import gcd
from typing import Final

from django.db.models import Count, Q, QuerySet

from rollcall.audit.models import Event
from rollcall.audit.search_terms import Unsearchable, belonging, column
from rollcall.database.slots import Slot

MOST_VALUES: Final = 1000
"""How many values of a field are told apart."""
MOST_BUCKETS: Final = 10_000
MOST_SLOTS: Final = 200_000
MONDAY: Final = 4 * 86_400
"""The first Monday of 1970, in seconds: weeks begin on Mondays."""
QUARTER: Final = 900
"""The difference of every time zone to UTC is a number of quarters of an hour."""


@dataclass(frozen=True, slots=True)
class Tally:
    """One value of a field, and how many events have it."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Bucket:
    """One interval of time by its beginning, how many events are in it, and how many failed."""

    start: datetime
    count: int
    failed: int


@dataclass(frozen=True, slots=True)
class Interval:
    """Intervals of so many seconds by the clock of a time zone, counted from a Monday."""

    seconds: int
    zone: tzinfo = UTC

    @property
    def slot_seconds(self) -> int:
        """The length of the slots of UTC that every interval is made of."""
        return gcd(self.seconds, MONDAY if self.zone is UTC else QUARTER)

    def number(self, epoch: int) -> int:
        """The number of the interval that this second of UTC lies in."""
        there = datetime.fromtimestamp(epoch, self.zone).replace(tzinfo=UTC)
        return (int(there.timestamp()) - MONDAY) // self.seconds

    def start(self, number: int) -> datetime:
        """When the interval of this number begins."""
        there = datetime.fromtimestamp(number * self.seconds + MONDAY, UTC)
        return there.replace(tzinfo=self.zone)


def values(events: QuerySet[Event], name: str) -> tuple[Sequence[Tally], int]:
    """The values of a field, the most frequent first, and how many events have yet others.

    Raises:
        Unsearchable: no such field can be searched.
    """
    place = column(name)
    having = events.filter(belonging(name)).order_by()
    if place.startswith("details__"):
        having = having.filter(Q((f"{place}__isnull", False)))
    elif place != "success":
        having = having.exclude(Q((place, "")))
    counted = having.values_list(place).annotate(number=Count("pk")).order_by("-number", place)
    told = list(counted[:MOST_VALUES])
    # JSON's null is there and says nothing.
    tallies = [Tally(_text(value), number) for value, number in told if value is not None]
    if len(told) < MOST_VALUES:
        return tallies, 0
    return tallies, having.count() - sum(tally.count for tally in tallies)


def by_interval(events: QuerySet[Event], interval: Interval) -> Sequence[Bucket]:
    """The events by intervals, from the first that holds one to the last, without gaps.

    Raises:
        Unsearchable: there are too many intervals.
    """
    slots = (
        events.order_by()
        .annotate(slot=Slot("timestamp", interval.slot_seconds))
        .values_list("slot")
        .annotate(number=Count("pk"), failed=Count("pk", filter=Q(success=False)))
        .order_by("slot")
    )
    counts: dict[int, tuple[int, int]] = {}
    for place, (slot, count, failed) in enumerate(slots[: MOST_SLOTS + 1]):
        if place == MOST_SLOTS:
            raise _too_many()
        number = interval.number(slot * interval.slot_seconds)
        before = counts.get(number, (0, 0))
        counts[number] = (before[0] + count, before[1] + failed)
    return _without_gaps(counts, interval)


def _without_gaps(counts: dict[int, tuple[int, int]], interval: Interval) -> Sequence[Bucket]:
    if not counts:
        return []
    first, last = min(counts), max(counts)
    if last - first >= MOST_BUCKETS:
        raise _too_many()
    return [
        Bucket(interval.start(number), *counts.get(number, (0, 0)))
        for number in range(first, last + 1)
    ]


def _text(value: object) -> str:
    """The value as the vendor's clients read it: true and false in small letters."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _too_many() -> Unsearchable:
    return Unsearchable(f"there are more than {MOST_BUCKETS:,} intervals: ask for longer ones")
