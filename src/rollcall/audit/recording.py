"""Writing events down: who changed what, through which door, with the values before and after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final

from django.db.models import BooleanField, DateTimeField, F, JSONField, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import JSONArray, JSONObject
from django.utils import timezone

from rollcall.audit.actions import Action
from rollcall.audit.actor import Actor, Initiator
from rollcall.audit.event_types import DIRECTORY, event_type
from rollcall.audit.models import Event
from rollcall.database.bulk_insert import insert_selected
from rollcall.database.json_values import JsonValue

HIDDEN: Final = "•••"
"""What stands in the trail instead of a secret."""

AT_ONCE: Final = 1000
LONGEST: Final = 255

_SECRET_WORDS = ("password", "secret", "token", "credential")


@dataclass(frozen=True, slots=True)
class Target:
    """What an event is about: its kind (`user`, `user_group`, `application`, …), key and name."""

    type: str
    id: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One of many events that are alike: its target, and the values before and after."""

    target: Target
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)


def record(
    actor: Actor,
    action: Action,
    target: Target | None = None,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    success: bool = True,
    reason: str = "",
    details: Mapping[str, Any] | None = None,
) -> Event:
    """Write one event, in the transaction of what it tells of.

    Fields that are the same on both sides are left out; the value of a field whose name speaks of
    a secret is written as `HIDDEN`. `reason` says why something was refused or failed: it must
    hold no value of a person. `details` are further fields of the event as Directory Insights
    names them (`mfa`, `auth_method`, …).
    """
    event = _event(actor, action, Entry(target or Target(""), before or {}, after or {}))
    event.success = success
    event.reason = reason[:LONGEST]
    event.details = dict(details or {})
    event.save(force_insert=True)
    return event


def record_many(actor: Actor, action: Action, entries: Sequence[Entry]) -> int:
    """Write an event for each entry, a thousand in a statement; how many were written."""
    left = iter(entries)
    while some := list(islice(left, AT_ONCE)):
        Event.objects.bulk_create([_event(actor, action, entry) for entry in some])
    return len(entries)


def record_selected(
    actor: Actor,
    action: Action,
    rows: QuerySet[Any],
    *,
    target_type: str,
    name: str,
    before: Mapping[str, str],
    after: Mapping[str, Any],
) -> int:
    """Write that all these rows change in the same way: one statement, an event for each row.

    `name` and the values of `before` are names of fields of the rows, which must still have the
    values before. Neither side may hold secrets. How many events were written.
    """
    columns: dict[str, Combinable] = {
        "timestamp": Value(timezone.now(), output_field=DateTimeField()),
        "service": Value(DIRECTORY),
        "event_type": Value(event_type(action)),
        "action": Value(action.value),
        "door": Value(actor.door.value),
        "actor_type": Value(actor.type.value),
        "actor_id": Value(actor.id),
        "actor_name": Value(actor.name[:LONGEST]),
        "client_ip": Value(actor.address),
        "success": Value(True, output_field=BooleanField()),
        "reason": Value(""),
        "target_type": Value(target_type),
        "target_id": F("pk"),
        "target_name": F(name),
        "changes": _selected_changes(before, after),
        "details": Value({}, output_field=JSONField()),
    }
    return insert_selected(Event, rows, columns)


def _event(actor: Actor, action: Action, entry: Entry) -> Event:
    of_user = entry.target.type == "user" or actor.type is Initiator.USER
    return Event(
        service=DIRECTORY,
        event_type=event_type(action, of_user=of_user),
        action=action,
        door=actor.door,
        actor_type=actor.type,
        actor_id=actor.id,
        actor_name=actor.name[:LONGEST],
        client_ip=actor.address,
        target_type=entry.target.type,
        target_id=entry.target.id,
        target_name=entry.target.name[:LONGEST],
        changes=_changes(entry.before, entry.after),
    )


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[dict[str, Any]]:
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return [_change(name, before, after) for name in names]


def _change(name: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    change: dict[str, Any] = {"field": name}
    if name in before:
        change["from"] = _safe(name, before[name])
    if name in after:
        change["to"] = _safe(name, after[name])
    return change


def _selected_changes(before: Mapping[str, str], after: Mapping[str, Any]) -> Combinable:
    """The same list as `_changes`, put together by the database from each row's own values."""
    changes = []
    for name in {**before, **after}:
        parts: dict[str, Combinable] = {"field": Value(name)}
        if name in before:
            parts["from"] = F(before[name])
        if name in after:
            parts["to"] = JsonValue(after[name])
        changes.append(JSONObject(**parts))
    return JSONArray(*changes)


def _safe(name: str, value: object) -> object:
    return HIDDEN if any(word in name.lower() for word in _SECRET_WORDS) else value
