"""From the directory's rows to the users that planning compares, and from changes to values."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

from django.db import models
from django.db.models import F, Q

from rollcall.core.user_fields import PLAIN_TEXTS
from rollcall.directory.models import ExternalIdentity, User, UserQuerySet
from rollcall.directory.services import Seen
from rollcall.provisioning import user as nouns
from rollcall.provisioning.change import Change, Value
from rollcall.provisioning.user import ORIGINS, Origin, State

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
    "creationSource",
    "elsewhere",
    "has_account",
)
"""The columns that planning compares, in the order that `to_user` takes them."""


def to_user(row: tuple[Any, ...]) -> nouns.User:
    """The user in this row."""
    *known, external_id, creation_source, elsewhere, has_account = row
    id_, username, email, state, *texts, identifier, manager, attributes = known
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
        origin=Origin.IMPORT
        if external_id or elsewhere
        else ORIGINS.get(creation_source, Origin.UNKNOWN),
        has_account=has_account,
    )


def identified(users: UserQuerySet, source: str) -> UserQuerySet:
    """These users with `external_id`: who each is at this source, None where it does not say.

    `elsewhere` says whether another source knows those, `has_account` if somebody signs in as them.
    """
    own = models.FilteredRelation("identities", condition=Q(identities__source=source))
    # Asked only of strangers: nearly everybody of a large directory carries the source's own id.
    elsewhere = models.Case(
        models.When(identity__isnull=False, then=models.Value(False)),
        default=models.Exists(ExternalIdentity.objects.filter(user=models.OuterRef("pk"))),
    )
    return users.annotate(identity=own).annotate(
        external_id=F("identity__external_id"),
        elsewhere=elsewhere,
        has_account=models.Case(
            models.When(account__isnull=False, then=models.Value(True)), default=models.Value(False)
        ),
    )


def users_now(ids: Collection[str], source: str) -> dict[str, nouns.User]:
    """These users as they are, by their ids, in one statement."""
    rows = identified(User.objects.filter(id__in=ids), source).values_list(*COLUMNS)
    return {user.id: user for user in map(to_user, rows)}


def seen_of(change: Change) -> Seen:
    """What the change saw of the user in the fields that it sets, managers apart."""
    before = {entry.field: entry.before for entry in change.fields if entry.field != MANAGER}
    return Seen(change.user_id or "", before, values_of(change))


def values_of(change: Change) -> dict[str, Value]:
    """What the change gives the user, by field; managers are set in a pass of their own."""
    return {entry.field: entry.after for entry in change.fields if entry.field != MANAGER}
