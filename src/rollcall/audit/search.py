"""Finding events: by time, type, actor, target and text, a page after a page by their keys."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any, Final

from django.db.models import Q, QuerySet

from rollcall.audit.event_types import actions_of
from rollcall.audit.models import Event
from rollcall.core import searching
from rollcall.database.letters import HoldsMoreThanAscii
from rollcall.database.spellings import spelled

NAMES: Final = ("actor_name", "target_name", "reason")
"""The columns in which people, groups and policies are called by name."""

MOST_NAMES: Final = 5000
"""How many names with letters beyond ASCII one search looks at."""


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for; an empty field asks for nothing.

    `since` is inclusive and `until` exclusive. `actor` is a name or a key, `target_id` the key of
    what events are about. `text` is a part of a name, a reason or an action's code, or how an
    address begins; `worded` are the actions whose words hold it in the reader's language, which
    this room does not speak, and `meant` are queries for the keys of what it means by its name of
    today, whatever the case and marks of its letters, which only the directory knows.
    """

    since: datetime | None = None
    until: datetime | None = None
    event_type: str = ""
    actor: str = ""
    target_id: str = ""
    door: str = ""
    text: str = ""
    worded: Sequence[str] = ()
    meant: Sequence[QuerySet[Any]] = ()

    def events(self) -> QuerySet[Event]:
        """The events that are found, in no order yet."""
        return self.among(Event.objects.all())

    def among(self, events: QuerySet[Event]) -> QuerySet[Event]:
        """Those of these events that are found."""
        if self.since:
            events = events.filter(timestamp__gte=self.since)
        if self.until:
            events = events.filter(timestamp__lt=self.until)
        if self.event_type:  # the actions have an index, the type has none
            actions = actions_of(self.event_type)
            events = events.filter(action__in=actions, event_type=self.event_type)
        if self.actor:
            events = events.filter(Q(actor_name=self.actor) | Q(actor_id=self.actor))
        if self.target_id:
            events = events.filter(target_id=self.target_id)
        if self.door:
            events = events.filter(door=self.door)
        return events.filter(self._text()) if self.text else events

    def _text(self) -> Q:
        condition = Q(action__in=self.worded) | Q(client_ip__startswith=self.text)
        condition |= spelled("action", "contains", self.text)
        for name, alike in _alike(NAMES, self.text).items():
            condition |= _called(name, self.text, alike)
        for keys in self.meant:
            condition |= Q(target_id__in=keys)
        return condition


def called(column: str, typed: str) -> Q:
    """The condition that this column holds what was typed, neither case nor accents counting."""
    return _called(column, typed, _alike((column,), typed)[column])


def _called(column: str, typed: str, alike: Collection[str]) -> Q:
    condition = Q((f"{column}__in", sorted(alike)))
    # As it was typed, and without marks: a username seldom has those of the name.
    for text in {typed, searching.searchable(typed)}:
        condition |= spelled(column, "contains", text)
    return condition


def _alike(columns: Sequence[str], typed: str) -> Mapping[str, Collection[str]]:
    """What stands in each column and holds every word, neither case nor accents counting.

    Whom nobody knows any more is called by events alone, which keep names as they were. Only names
    with letters beyond ASCII are looked at, in one pass: any other is found as it is written.
    """
    words, alike = searching.words(typed), {column: set[str]() for column in columns}
    if not words:
        return alike
    beyond = reduce(or_, (Q(HoldsMoreThanAscii(column)) for column in columns))
    held = Event.objects.filter(beyond).order_by().values_list(*columns).distinct()
    for names in held[:MOST_NAMES]:
        for column, name in zip(columns, names, strict=True):
            text = "" if name.isascii() else searching.searchable(name)
            if text and all(word in text for word in words):
                alike[column].add(name)
    return alike


def page(search: Search, size: int, after: Event | None = None) -> list[Event]:
    """The next `size` events, the newest first; those that follow `after`, where one is given."""
    events = search.events()
    if after is not None:
        at, key = after.timestamp, after.pk
        # the bound of the time alone lets the index be used, where an OR would not
        events = events.filter(timestamp__lte=at).exclude(timestamp=at, pk__gte=key)
    return list(events.order_by("-timestamp", "-pk")[:size])
