"""Questions about events as Directory Insights takes them, and their answers page by page."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from django.db.models import Q, QuerySet
from django.utils.dateparse import parse_datetime

from rollcall.audit.event_types import DIRECTORY, SSO, actions_of_service
from rollcall.audit.insights import insights_id
from rollcall.audit.models import Event
from rollcall.audit.search import Search
from rollcall.audit.search_terms import LARGEST_KEY, Unsearchable

ALL: Final = "all"
SERVICES: Final = frozenset({DIRECTORY, SSO})
"""Those of the vendor's services that anything here belongs to."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page ends: the time and the key of its last event."""

    at: datetime
    key: int

    @classmethod
    def of(cls, event: Event) -> Place:
        """The place of an event."""
        return cls(event.timestamp, event.pk)

    def as_texts(self) -> list[str]:
        """The place as `search_after` carries it."""
        return [self.at.astimezone(UTC).isoformat(), insights_id(self.key)]

    @classmethod
    def from_texts(cls, texts: list[str]) -> Place:
        """The place that was carried.

        Raises:
            Unsearchable: it is none of ours.
        """
        try:
            named, key = parse_datetime(texts[0]), int(texts[1], 16)
            # Naive or at the edge of the calendar, it is no time of ours.
            at = named.astimezone(UTC) if named and named.tzinfo else None
        except (ValueError, IndexError, OverflowError):
            at, key = None, 0
        if at is None or len(texts) != 2 or not 0 <= key < LARGEST_KEY:
            raise Unsearchable("search_after is none of ours: send what X-Search_after said")
        return cls(at, key)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: services, times from `start` and before `end`, and a condition.

    `text` is a part of what an event says, `exact` a whole value of one of its fields.
    """

    services: Collection[str]
    start: datetime
    end: datetime | None = None
    term: Q = field(default_factory=Q)
    text: str = ""
    exact: str = ""

    def events(self) -> QuerySet[Event]:
        """The events that answer it, in no order yet."""
        events = Event.objects.filter(self._of_services(), self.term, timestamp__gte=self.start)
        if self.end is not None:
            events = events.filter(timestamp__lt=self.end)
        if self.exact:
            events = events.filter(_says(self.exact))
        return Search(text=self.text).among(events) if self.text else events

    def _of_services(self) -> Q:
        if ALL in self.services or set(self.services) >= SERVICES:
            return Q()
        asked = SERVICES.intersection(self.services)
        # SSO by its few actions, which have an index; of the other service nearly everything is.
        if asked == {SSO}:
            return Q(action__in=actions_of_service(SSO))
        return Q(service__in=sorted(asked))


def page(
    events: QuerySet[Event],
    size: int,
    *,
    newest_first: bool,
    after: Place | None = None,
    skip: int = 0,
) -> list[Event]:
    """The next `size` events by time; those that follow `after`, where a place is given.

    Their keys are found first, which an index has beside the time; then the whole rows.
    """
    if after is not None:
        # The bound of the time alone lets the index be used, where an OR would not.
        near, far = ("lte", "gte") if newest_first else ("gte", "lte")
        same = Q(timestamp=after.at) & Q((f"pk__{far}", after.key))
        events = events.filter((f"timestamp__{near}", after.at)).exclude(same)
    order = ("-timestamp", "-pk") if newest_first else ("timestamp", "pk")
    keys = list(events.order_by(*order).values_list("pk", flat=True)[skip : skip + size])
    rows = Event.objects.in_bulk(keys)
    # What retention deletes between the two statements is left out.
    return [rows[key] for key in keys if key in rows]


def _says(exact: str) -> Q:
    columns = ("actor_name", "actor_id", "target_name", "target_id", "client_ip", "reason")
    said = Q(event_type=exact) | Q(action=exact)
    for column in columns:
        said |= Q((column, exact))
    return said
