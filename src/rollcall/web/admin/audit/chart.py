"""How many events there were, as bars that the server draws: no script, no style of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from django.db.models import QuerySet
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.timezone import get_current_timezone, localtime, make_aware

from rollcall.audit.counting import Bucket, Interval, by_interval
from rollcall.audit.models import Event
from rollcall.web.shell.lists.query import Query

DAYS_SHOWN: Final = 30
"""How far back the chart goes where no time is chosen."""
HOURS_FOR: Final = timedelta(days=2)
DAYS_FOR: Final = timedelta(days=92)
WEEKS_FOR: Final = timedelta(days=3 * 365)
"""A longer time is drawn from its end."""
HEIGHT: Final = 100
WIDTH: Final = 10
GAP: Final = 2


@dataclass(frozen=True, slots=True)
class Times:
    """The days that are chosen, the last one included; None where none is."""

    since: date | None = None
    until: date | None = None

    @classmethod
    def of(cls, since: str, until: str) -> Times:
        """The days as they were typed; what is no day is none."""
        return cls(day(since), day(until))

    def bounds(self) -> tuple[datetime, datetime]:
        """The beginning and the end of what is drawn."""
        now = localtime()
        end = start_of(self.until + timedelta(days=1)) if self.until else now
        end = min(end, now)
        first = self.since or (localtime(end).date() - timedelta(days=DAYS_SHOWN - 1))
        return max(min(start_of(first), end), end - WEEKS_FOR), end


@dataclass(frozen=True, slots=True)
class Bar:
    """One interval: its place and heights in the drawing, and what it says.

    Numbers of the drawing are texts: a language may write a number in its own way.
    """

    x: str
    succeeded_y: str
    succeeded: str
    failed_y: str
    failed: str
    label: str
    link: str
    count: int
    count_failed: int


@dataclass(frozen=True, slots=True)
class Chart:
    """The bars from the left to the right, the highest of which is of `most` events."""

    bars: Sequence[Bar]
    most: int
    total: int
    width: str
    first: str
    last: str

    bar_width: str = str(WIDTH - GAP)
    height: str = str(HEIGHT)


def draw(events: QuerySet[Event], times: Times, query: Query[Event]) -> Chart:
    """The chart of these events within the days, by hours, days or weeks; one statement."""
    start, end = times.bounds()
    interval = _interval(end - start)
    within = events.filter(timestamp__gte=start, timestamp__lte=end)
    buckets = {bucket.start: bucket for bucket in by_interval(within, interval)}
    first, last = (interval.number(int(moment.timestamp())) for moment in (start, end))
    begins = [interval.start(number) for number in range(first, last + 1)]
    drawn = [buckets.get(begin) or Bucket(begin, 0, 0) for begin in begins]
    most = max((bucket.count for bucket in drawn), default=0)
    bars = [_bar(place, bucket, most, interval, query) for place, bucket in enumerate(drawn)]
    return Chart(
        bars=bars,
        most=most,
        total=sum(bucket.count for bucket in drawn),
        width=str(max(1, len(bars)) * WIDTH),
        first=bars[0].label if bars else "",
        last=bars[-1].label if bars else "",
    )


def day(text: str) -> date | None:
    """The day of a text such as 2026-11-27; None where it is none, or at the calendar's edge."""
    try:
        found = parse_date(text)
    except ValueError:
        return None
    return found if found and 1970 <= found.year <= 9000 else None


def start_of(day: date) -> datetime:
    """When a day begins, by the installation's clock."""
    return make_aware(datetime.combine(day, time.min))


def _interval(length: timedelta) -> Interval:
    hours = 1 if length <= HOURS_FOR else 24 if length <= DAYS_FOR else 7 * 24
    return Interval(hours * 3600, get_current_timezone())


def _bar(place: int, bucket: Bucket, most: int, interval: Interval, query: Query[Event]) -> Bar:
    succeeded = bucket.count - bucket.failed
    # Whatever there is shows, be it a thousandth of the highest.
    up, down = (_height(count, most) for count in (succeeded, bucket.failed))
    up = min(up, HEIGHT - down)
    return Bar(
        x=str(place * WIDTH + GAP // 2),
        succeeded_y=str(HEIGHT - up),
        succeeded=str(up),
        failed_y=str(HEIGHT - up - down),
        failed=str(down),
        label=_label(bucket.start, interval),
        link=_link(bucket.start, interval, query),
        count=bucket.count,
        count_failed=bucket.failed,
    )


def _height(count: int, most: int) -> int:
    return max(1, round(HEIGHT * count / most)) if count else 0


def _label(start: datetime, interval: Interval) -> str:
    form = "SHORT_DATE_FORMAT" if interval.seconds >= 86_400 else "SHORT_DATETIME_FORMAT"
    return date_format(start, form)


def _link(start: datetime, interval: Interval, query: Query[Event]) -> str:
    """The link to the same list of these days alone."""
    last = start + timedelta(seconds=max(interval.seconds - 3600, 0))
    return query.link(since=start.date().isoformat(), until=last.date().isoformat())
