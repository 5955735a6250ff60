"""What clients of Directory Insights send (JumpCloud Directory Insights API 1.0)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Annotated, Any, Final, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field

from rollcall.audit.counting import Interval
from rollcall.audit.questions import Question
from rollcall.audit.search_terms import LONGEST, Unsearchable, condition

MOST: Final = 1000
"""How many events one answer holds, and how many where nobody says; the vendor's default."""
VENDORS_MOST: Final = 10_000
"""The highest limit that the vendor takes: its clients send it, and page by what came."""
FARTHEST: Final = 10_000
"""How many events may be skipped; who wants more pages by `search_after`."""
UNITS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 7 * 86_400}

Service = Literal[
    "alerts",
    "all",
    "directory",
    "ldap",
    "mdm",
    "notifications",
    "object_storage",
    "password_manager",
    "radius",
    "reports",
    "saas_app_management",
    "software",
    "sso",
    "systems",
    "access_management",
    "asset_management",
]
Text = Annotated[str, Field(max_length=LONGEST)]


class EventServiceTimeQuery(BaseModel):
    """Which services, and from when on; an unknown key is refused, as it may be meant to narrow."""

    model_config = ConfigDict(extra="forbid")

    service: Annotated[list[Service], Field(min_length=1, max_length=20)]
    start_time: datetime
    end_time: datetime | None = None
    search_term: dict[str, Any] | None = None

    def question(self) -> Question:
        """The question as the audit room answers it.

        Raises:
            Unsearchable: a time or the term is out of bounds.
        """
        return Question(
            services=self.service,
            start=_moment(self.start_time),
            end=_moment(self.end_time) if self.end_time else None,
            term=condition(self.search_term or {}),
        )


class EventTextQuery(EventServiceTimeQuery):
    """The same with a text: a part of what an event says, or a whole value."""

    q: Text | None = None
    exact_match: Text | None = None

    def question(self) -> Question:
        """The question as the audit room answers it.

        Raises:
            Unsearchable: see `EventServiceTimeQuery.question`; both texts are given.
        """
        if self.q and self.exact_match:
            raise Unsearchable("exact_match is not for use with q")
        asked = EventServiceTimeQuery.question(self)
        return Question(
            asked.services, asked.start, asked.end, asked.term, self.q or "", self.exact_match or ""
        )


class EventQuery(EventTextQuery):
    """Which events, which fields of them, and which page."""

    fields: Annotated[list[Text], Field(max_length=100)] | None = None
    limit: Annotated[int, Field(ge=0, le=VENDORS_MOST)] | None = None
    skip: Annotated[int, Field(ge=0, le=FARTHEST)] | None = None
    sort: Literal["ASC", "DESC", "asc", "desc"] | None = None
    search_after: Annotated[list[Text], Field(max_length=10)] | None = None

    @property
    def size(self) -> int:
        """How many events the answer holds at the most."""
        return min(self.limit or MOST, MOST)


class EventDistinctQuery(EventServiceTimeQuery):
    """Which values of a field occur."""

    field: Text


class EventIntervalQuery(EventTextQuery):
    """How many events in each interval."""

    interval_unit: Literal["s", "m", "h", "d", "w"]
    interval_value: Annotated[str, Field(max_length=9)] | None = None
    timezone: Text | None = None

    def interval(self) -> Interval:
        """The interval that is asked for.

        Raises:
            Unsearchable: it is none, or there is no such time zone.
        """
        value = self.interval_value or "1"
        if not (value.isascii() and value.isdecimal() and 0 < int(value) <= 100_000):
            raise Unsearchable("interval_value is a whole number from 1 to 100,000")
        return Interval(int(value) * UNITS[self.interval_unit], _zone(self.timezone or ""))


class EventCount(BaseModel):
    """How many events there are."""

    count: int


class DistinctBucket(BaseModel):
    """One value of a field."""

    key: str
    doc_count: int


class Distinct(BaseModel):
    """The values of a field, and how many events have yet others."""

    buckets: list[DistinctBucket]
    doc_count_error_upper_bound: int
    sum_other_doc_count: int


class IntervalBucket(BaseModel):
    """One interval; `key` is its beginning in milliseconds since 1970."""

    key: int
    key_as_string: str
    doc_count: int


class Intervals(BaseModel):
    """The intervals from the first that holds an event to the last."""

    buckets: list[IntervalBucket]


def _moment(time: datetime) -> datetime:
    """The time in UTC, which it is where it names no zone."""
    try:
        return (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError:
        raise Unsearchable("a time lies outside of the calendar") from None


def _zone(name: str) -> tzinfo:
    """The time zone of a name (`Europe/Berlin`) or of a difference to UTC (`+01:00`)."""
    if not name or name.upper() in ("UTC", "Z"):
        return UTC
    sign, digits = name[:1], name[1:].replace(":", "")
    if sign in "+-" and digits.isascii() and digits.isdecimal() and len(digits) == 4:
        minutes = int(digits[:2]) * 60 + int(digits[2:])
        if minutes <= 14 * 60 and minutes % 15 == 0:
            return timezone(timedelta(minutes=-minutes if sign == "-" else minutes))
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, ZoneInfoNotFoundError):
        raise Unsearchable(
            "timezone is a name like Europe/Berlin or a difference like +01:00"
        ) from None
