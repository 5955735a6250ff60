"""What happened to one user: the changes of imports, and those by people and keys."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.timezone import localtime
from django.utils.translation import gettext

from rollcall.audit.actions import Action
from rollcall.audit.models import Event as AuditEvent
from rollcall.audit.search import Search, page
from rollcall.directory import labels
from rollcall.directory.models import User
from rollcall.imports import labels as words
from rollcall.imports.models import ChangeRecord
from rollcall.imports.presenter import Names, why
from rollcall.imports.source_accounts import source_of
from rollcall.provisioning.change import Result
from rollcall.web.admin.audit import labels as labels_of_log
from rollcall.web.admin.users import provenance
from rollcall.web.admin.users.names import full_name

SHOWN: Final = 50
"""How many of each kind, the newest first."""

QUIET: Final = ("", Result.UNCHANGED.value, Result.SKIPPED.value)
"""Results that say nothing about the user."""


@dataclass(frozen=True)
class Difference:
    """One field, before and after, in words."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Event:
    """One thing that happened.

    `run_number` is the import's, 0 for what a person or key did; `decision` is the event's key
    where it keeps what conditional access decided, else 0.
    """

    at: datetime
    title: str
    who: str
    note: str
    differences: tuple[Difference, ...]
    run_number: int = 0
    decision: int = 0


def read_history(user: User) -> list[Event]:
    """The user's history, the newest first."""
    changes = list(
        ChangeRecord.objects.filter(user_id=user.pk, finished_at__isnull=False)
        .exclude(result__in=QUIET)
        .select_related("run__connection")
        .order_by("-finished_at")[:SHOWN]
    )
    # By the id, under which the events of a user who was renamed are found as well.
    entries = page(Search(target_id=user.pk), SHOWN)
    # One query for all managers named in the history, however long it is.
    names = _manager_names(changes, entries)
    events = [_import_event(change, names) for change in changes]
    events += [_entry_event(entry, names) for entry in entries]
    # Two tables, one story: neither has an order that the other knows.
    return sorted(events, key=lambda event: event.at, reverse=True)


def _import_event(change: ChangeRecord, names: dict[str, str]) -> Event:
    return Event(
        at=localtime(change.finished_at),
        title=words.result_label(change.result),
        who=gettext("Import {n}").format(n=change.run.number),
        note=_why(change),
        differences=_differences(change.change.fields, names),
        run_number=change.run.number,
    )


def _why(change: ChangeRecord) -> str:
    people = Names(change.run)
    people.learn_reasons([change])
    return why(change, source_of(change.run), people)


def _entry_event(entry: AuditEvent, names: dict[str, str]) -> Event:
    fields = [
        (key, entry.before.get(key), entry.after.get(key))
        for key in {**entry.before, **entry.after}
    ]
    return Event(
        at=localtime(entry.timestamp),
        title=action_label(entry.action),
        who=entry.actor_name,
        note="",
        differences=_differences(fields, names),
        decision=entry.pk if _keeps_decision(entry) else 0,
    )


def _keeps_decision(entry: AuditEvent) -> bool:
    context = entry.details.get("auth_context")
    return isinstance(context, dict) and bool(context.get("decision"))


def _differences(
    fields: Iterable[tuple[Any, ...]], names: dict[str, str]
) -> tuple[Difference, ...]:
    return tuple(
        Difference(_label(field), _shown(field, before, names), _shown(field, after, names))
        for field, before, after in fields
        # An import keeps a missing value as None, a form as "": to a reader both are nothing.
        if (before or "") != (after or "")
    )


def _label(field: str) -> str:
    more = {"group": gettext("Joined"), "no longer in": gettext("Left")}
    return more.get(field) or provenance.field_label(field)


def _shown(field: str, value: object, names: dict[str, str]) -> str:
    text = "" if value is None else str(value)
    if field == "state":
        return labels.state_word(text)
    return names.get(text, text) if field == "manager" else text


def _manager_names(
    changes: Iterable[ChangeRecord], entries: Iterable[AuditEvent]
) -> dict[str, str]:
    ids = {
        str(value)
        for change in changes
        for field in change.change.fields
        if field.field == "manager"
        for value in (field.before, field.after)
    }
    for entry in entries:
        ids |= {str(side["manager"]) for side in (entry.before, entry.after) if "manager" in side}
    return {user.pk: full_name(user) for user in User.objects.filter(pk__in=ids)}


def action_label(action: str) -> str:
    """The words for what was done to a user, else those of the audit log."""
    known: dict[str, str] = {
        Action.USER_CREATE: gettext("Created"),
        Action.USER_UPDATE: gettext("Changed"),
        Action.USER_ACTIVATE: gettext("Activated"),
        Action.USER_REACTIVATE: gettext("Reactivated"),
        Action.USER_SUSPEND: gettext("Suspended"),
        Action.USER_GROUP_ADD: gettext("Joined a group"),
        Action.USER_GROUP_REMOVE: gettext("Left a group"),
    }
    return known.get(action) or labels_of_log.action_label(action)
