"""Writing events down: who changed what, through which door, with the values before and after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from django.db.models import BooleanField, DateTimeField, F, JSONField, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import JSONArray, JSONObject
from django.utils import timezone

from rollcall.audit.actions import Action
from rollcall.audit.actor import Actor, Initiator
from rollcall.audit.event_types import event_type, service
from rollcall.audit.models import Event
from rollcall.database.bulk_insert import insert, insert_selected, prepared
from rollcall.database.json_values import JsonValue, as_json

HIDDEN: Final = "•••"
"""What stands in the trail instead of a secret."""

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
    target = target or Target("")
    return Event.objects.create(
        **_by(actor, action),
        **_about(target),
        event_type=_type(actor, action, target),
        success=success,
        reason=reason[:LONGEST],
        changes=_changes(before or {}, after or {}),
        details=dict(details or {}),
    )


def record_many(actor: Actor, action: Action, entries: Sequence[Entry]) -> int:
    """Write an event for each entry, thousands in a statement; how many were written."""
    alike = {"timestamp": prepared(Event, "timestamp", timezone.now()), **_by(actor, action)}
    rows = (
        (
            *alike.values(),
            target.type,
            target.id,
            target.name[:LONGEST],
            _type(actor, action, target),
            as_json(_changes(entry.before, entry.after)),
        )
        for entry in entries
        for target in (entry.target,)
    )
    insert(Event, (*alike, *_about(Target("")), "event_type", "changes"), rows)
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
        **{column: Value(value) for column, value in _by(actor, action).items()},
        "event_type": Value(_type(actor, action, Target(target_type))),
        "success": Value(True, output_field=BooleanField()),
        "reason": Value(""),
        "target_type": Value(target_type),
        "target_id": F("pk"),
        "target_name": F(name),
        # Built by the database: the rows are not read into this process.
        "changes": _selected_changes(before, after),
        "details": Value({}, output_field=JSONField()),
    }
    return insert_selected(Event, rows, columns)


def _by(actor: Actor, action: Action) -> dict[str, str]:
    """The columns that say who did what."""
    return {
        "service": service(action),
        "action": action.value,
        "door": actor.door.value,
        "actor_type": actor.type.value,
        "actor_id": actor.id,
        # Whoever fails to sign in has typed this name, of whatever length.
        "actor_name": actor.name[:LONGEST],
        "client_ip": actor.address,
    }


def _about(target: Target) -> dict[str, str]:
    """The columns that say what it is about."""
    return {
        "target_type": target.type,
        "target_id": target.id,
        "target_name": target.name[:LONGEST],
    }


def _type(actor: Actor, action: Action, target: Target) -> str:
    of_user = target.type == "user" or actor.type is Initiator.USER
    return event_type(action, of_user=of_user)


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[dict[str, Any]]:
    changes: list[dict[str, Any]] = []
    for name in {**before, **after}:
        if before.get(name) == after.get(name):
            continue
        change: dict[str, Any] = {"field": name}
        if name in before:
            change["from"] = HIDDEN if _is_secret(name) else before[name]
        if name in after:
            change["to"] = HIDDEN if _is_secret(name) else after[name]
        changes.append(change)
    return changes


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


@lru_cache(maxsize=1000)
def _is_secret(name: str) -> bool:
    """Whether a field of this name holds a secret; asked for every field of every event."""
    return any(word in name.lower() for word in _SECRET_WORDS)
