"""Changes the organization's settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from rollcall.audit.actions import Action
from rollcall.audit.actor import Actor
from rollcall.audit.recording import Target, record
from rollcall.core import usernames
from rollcall.core.labels import normalize
from rollcall.core.refusal import Refusal, refuse_invisible
from rollcall.directory.models import SHORTEST_LIMIT, ChangeKind, ObjectType, Organization
from rollcall.directory.organization import CREATION_SOURCES, DEFAULT_STATES
from rollcall.directory.services.notes import Note, note
from rollcall.directory.services.results import Refused

LONGEST_NAME: Final = 255


@transaction.atomic(savepoint=False)
def update_organization(actor: Actor, values: Mapping[str, Any]) -> Organization | Refused:
    """Set `displayName`, `username_length`, or the state of new users by where they come from."""
    values = {
        name: normalize(value) if name == "displayName" else value for name, value in values.items()
    }
    if refusals := tuple(filter(None, (_refuse(*pair) for pair in values.items()))):
        return Refused(refusals)
    # `the` makes the row where there is none, since only a row can be held.
    organization = Organization.objects.select_for_update().get(pk=Organization.the().pk)
    before = {name: getattr(organization, name) for name in values}
    # A form that was saved unchanged is no event.
    after = {name: value for name, value in values.items() if before[name] != value}
    if not after:
        return organization
    for name, value in after.items():
        setattr(organization, name, value)
    organization.save(update_fields=list(after))
    target = Target(ObjectType.ORGANIZATION.value, organization.id, organization.displayName)
    record(
        actor,
        Action.ORGANIZATION_UPDATE,
        target,
        before={name: before[name] for name in after},
        after=after,
    )
    notes = [Note(organization.id, fields=tuple(after))]
    note(ObjectType.ORGANIZATION, ChangeKind.UPDATED, notes, timezone.now())
    return organization


def _refuse(name: str, value: Any) -> Refusal | None:
    if name in CREATION_SOURCES:
        if value in DEFAULT_STATES:
            return None
        return Refusal(name, "unknown_state", str(value), {"known": ", ".join(DEFAULT_STATES)})
    if name == "username_length":
        if isinstance(value, int) and SHORTEST_LIMIT <= value <= usernames.LIMIT:
            return None
        known = {"least": str(SHORTEST_LIMIT), "most": str(usernames.LIMIT)}
        return Refusal(name, "out_of_range", str(value), known)
    if name != "displayName":
        return Refusal(name, "unknown_field")
    if not value:
        return Refusal(name, "required")
    if len(value) > LONGEST_NAME:
        params = {"limit": str(LONGEST_NAME), "length": str(len(value))}
        return Refusal(name, "too_long", params=params)
    return refuse_invisible(name, value)
