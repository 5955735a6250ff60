"""From the directory's rows to the users that planning compares, and from changes to values."""

from __future__ import annotations

from typing import Any, Final

from django.db.models import F, FilteredRelation, Q

from rollcall.core.user_fields import PLAIN_TEXTS
from rollcall.directory.models import UserQuerySet
from rollcall.directory.services import Seen
from rollcall.provisioning import user as nouns
from rollcall.provisioning.change import Change, Value
from rollcall.provisioning.user import State

MANAGER: Final = "manager"

COLUMNS: Final = (
    "id",
    "username",
    "email",
    "state",
    *PLAIN_TEXTS,
    "employeeIdentifier",
    "manager_id",
    "attributes",
    "external_id",
)
"""The columns that planning compares, in the order that `to_user` takes them."""


def to_user(row: tuple[Any, ...]) -> nouns.User:
    """The user in this row."""
    id_, username, email, state, *texts, identifier, manager, attributes, external_id = row
    # The texts by their places, which saves a look-up for each of a million users' eleven texts.
    return nouns.User(
        *texts,
        id=id_,
        username=username,
        email=email,
        state=State(state),
        employeeIdentifier=identifier,
        manager=manager,
        attributes={entry["name"]: entry["value"] for entry in attributes},
        external_id=external_id,
    )


def identified(users: UserQuerySet, source: str) -> UserQuerySet:
    """These users with `external_id`: who each is at this source, None where it does not say."""
    own = FilteredRelation("identities", condition=Q(identities__source=source))
    return users.annotate(identity=own).annotate(external_id=F("identity__external_id"))


def seen_of(change: Change) -> Seen:
    """What the change saw of the user in the fields that it sets, managers apart."""
    before = {entry.field: entry.before for entry in change.fields if entry.field != MANAGER}
    return Seen(change.user_id or "", before, values_of(change))


def values_of(change: Change) -> dict[str, Value]:
    """What the change gives the user, by field; managers are set in a pass of their own."""
    return {entry.field: entry.after for entry in change.fields if entry.field != MANAGER}
