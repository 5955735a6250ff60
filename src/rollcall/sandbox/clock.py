"""The two days of the sandbox, and Berlin's clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache

DAY_ONE = date(2026, 11, 23)
"""The day that `--day 1` shows."""
DAY_TWO = date(2026, 11, 24)
FOUNDED = date(2003, 1, 6)

# Reckoned here, not looked up: the company must be the same where no zone database is installed.
_WINTER = timezone(timedelta(hours=1))
_SUMMER = timezone(timedelta(hours=2))


def _last_sunday(year: int, month: int) -> date:
    last = date(year, month, 31)
    return last - timedelta(days=(last.weekday() + 1) % 7)


@lru_cache(maxsize=256)
def _summer(year: int) -> tuple[datetime, datetime]:
    start, end = _last_sunday(year, 3), _last_sunday(year, 10)
    return datetime(year, start.month, start.day, 2), datetime(year, end.month, end.day, 3)


def in_berlin(moment: datetime) -> datetime:
    """A local time of Berlin, given its offset: `+01:00`, in summer `+02:00`."""
    start, end = _summer(moment.year)
    return moment.replace(tzinfo=_SUMMER if start <= moment < end else _WINTER)


@lru_cache(maxsize=16384)
def midnight(day: date) -> str:
    """A date as Personio v1 writes it: `2014-11-09T00:00:00+01:00`."""
    return in_berlin(datetime(day.year, day.month, day.day)).isoformat()


def utc(moment: datetime) -> str:
    """A local time of Berlin as Personio v2 writes it: `2026-10-29T15:03:05Z`."""
    return in_berlin(moment).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def local_time(text: str) -> datetime:
    """A date or ISO moment from a request as a local time of Berlin; a bare one is taken as local.

    Raises ValueError when it is neither.
    """
    moment = datetime.fromisoformat(text)
    # Near the ends of the calendar a change of zone overflows.
    if not 1900 < moment.year < 2200:
        raise ValueError(text)
    if moment.tzinfo is None:
        return moment
    winter = moment.astimezone(_WINTER).replace(tzinfo=None)
    shift = in_berlin(winter).utcoffset() or timedelta(hours=1)
    return winter + shift - timedelta(hours=1)
