"""Puts users into user groups and takes them out, by the differences only."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import DateTimeField, Exists, F, OuterRef, QuerySet, Value
from django.db.models.expressions import Combinable
from django.utils import timezone

from rollcall.audit.actions import Action
from rollcall.audit.actor import Actor
from rollcall.audit.recording import record, record_selected
from rollcall.database.bulk_insert import in_parts, insert_selected
from rollcall.directory.models import (
    ChangeKind,
    Membership,
    ObjectType,
    User,
    UserGroup,
    UserQuerySet,
)
from rollcall.directory.services.events import group_target
from rollcall.directory.services.notes import note_selected
from rollcall.directory.services.results import Difference
from rollcall.directory.services.selected import the_same

CHUNK = 5000
"""How many users one statement takes by their ids."""

NAMED = 50
"""So many users at the most an event about their group names; beyond, it only counts them."""


@transaction.atomic(savepoint=False)
def set_members(
    actor: Actor, group: UserGroup, *, add: Iterable[str] = (), remove: Iterable[str] = ()
) -> Difference:
    """Add and remove members; who is there already, or not there, is no difference.

    Ids that no user has are left out, and so is everybody where the group has been deleted.
    """
    if not _held(group):
        return Difference()
    adding, removing = set(add), set(remove)
    present = _present(group, adding | removing)
    joining, leaving = adding - present, removing & present
    gone = [id_ for ids in in_parts(sorted(leaving), CHUNK) for id_ in _leave(actor, group, ids)]
    come = [id_ for ids in in_parts(sorted(joining), CHUNK) for id_ in _join(actor, group, ids)]
    _record_group(actor, Action.GROUP_MEMBER_ADD, group, come, len(come))
    _record_group(actor, Action.GROUP_MEMBER_REMOVE, group, gone, len(gone))
    return Difference(tuple(come), tuple(gone))


@transaction.atomic(savepoint=False)
def replace_members(actor: Actor, group: UserGroup, wanted: Collection[str]) -> Difference:
    """Make exactly these users the group's members, by the differences."""
    if not _held(group):
        return Difference()
    present = set(Membership.objects.filter(group=group).values_list("user_id", flat=True))
    keep = set(wanted)
    return set_members(actor, group, add=keep - present, remove=present - keep)


@transaction.atomic(savepoint=False)
def add_all(actor: Actor, group: UserGroup, users: UserQuerySet) -> int:
    """Put these users into the group, in a fixed number of statements; how many were not in it."""
    if not _held(group):
        return 0
    joined = _add(actor, group, not_in(group, the_same(users)), timezone.now())
    _record_group(actor, Action.GROUP_MEMBER_ADD, group, (), joined)
    return joined


@transaction.atomic(savepoint=False)
def remove_all(actor: Actor, group: UserGroup, users: UserQuerySet) -> int:
    """Take these users out of the group, in a fixed number of statements; how many were in it."""
    if not _held(group):
        return 0
    left = _remove(actor, group, members_among(group, the_same(users)), timezone.now())
    _record_group(actor, Action.GROUP_MEMBER_REMOVE, group, (), left)
    return left


def not_in(group: UserGroup, users: UserQuerySet) -> UserQuerySet:
    """Those of the users who are not members of the group."""
    return users.filter(~Exists(_membership(group)))


def members_among(group: UserGroup, users: UserQuerySet) -> UserQuerySet:
    """Those of the users who are members of the group."""
    return users.filter(Exists(_membership(group)))


def _membership(group: UserGroup) -> QuerySet[Membership]:
    return Membership.objects.filter(group=group, user=OuterRef("pk"))


def _held(group: UserGroup) -> bool:
    """Whether the group is there; nobody else changes its members until the transaction ends."""
    rows = UserGroup.objects.select_for_update(no_key=True).filter(pk=group.pk)
    return bool(rows.values_list("pk", flat=True))


def _present(group: UserGroup, ids: Collection[str]) -> set[str]:
    """Those of the users who are members; the others of a large group are not looked at."""
    edges = Membership.objects.filter(group=group)
    parts = in_parts(sorted(ids), CHUNK)
    return {
        user
        for part in parts
        for user in edges.filter(user__in=part).values_list("user", flat=True)
    }


def _join(actor: Actor, group: UserGroup, ids: Sequence[str]) -> list[str]:
    # In one order, so that two writers never wait for each other.
    rows = User.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk")
    known = list(rows.values_list("pk", flat=True))
    if known:
        _add(actor, group, User.objects.filter(pk__in=known), timezone.now())
    return known


def _leave(actor: Actor, group: UserGroup, ids: Sequence[str]) -> Sequence[str]:
    _remove(actor, group, User.objects.filter(pk__in=ids), timezone.now())
    return ids


def _add(actor: Actor, group: UserGroup, joining: UserQuerySet, now: datetime) -> int:
    # Before the insert: `joining` is a question, whose answer would be nobody afterwards.
    _record_users(actor, Action.USER_GROUP_ADD, joining, {"group": group.name})
    _note(ChangeKind.MEMBER_ADDED, group, joining, now)
    columns: dict[str, Combinable] = {
        "group_id": Value(group.pk),
        "user_id": F("pk"),
        "created": Value(now, output_field=DateTimeField()),
    }
    # nobody may delete a user between this statement and the end of the transaction
    return insert_selected(Membership, joining.select_for_update(no_key=True), columns)


def _remove(actor: Actor, group: UserGroup, leaving: UserQuerySet, now: datetime) -> int:
    # Before the deletion, for the same reason.
    _record_users(actor, Action.USER_GROUP_REMOVE, leaving, {"no longer in": group.name})
    _note(ChangeKind.MEMBER_REMOVED, group, leaving, now)
    rows = Membership.objects.filter(group=group, user__in=leaving.order_by().values("pk"))
    return rows.delete()[0]


def _record_users(
    actor: Actor, action: Action, users: UserQuerySet, after: Mapping[str, str]
) -> None:
    kind = ObjectType.USER.value
    record_selected(actor, action, users, target_type=kind, name="username", before={}, after=after)


def _note(kind: ChangeKind, group: UserGroup, users: UserQuerySet, now: datetime) -> None:
    of_group, user = Value(group.pk), F("pk")
    note_selected(ObjectType.USER_GROUP, kind, users, now, object_id=of_group, other_id=user)


def _record_group(
    actor: Actor, action: Action, group: UserGroup, ids: Collection[str], number: int
) -> None:
    """One event for the group beside those of the users, and its time, where anybody moved."""
    if not number:
        return
    UserGroup.objects.filter(pk=group.pk).update(updated=timezone.now())
    word = "added" if action is Action.GROUP_MEMBER_ADD else "removed"
    after: dict[str, Any] = {f"members {word}": number}
    if 0 < len(ids) <= NAMED:
        after["users"] = list(ids)
    record(actor, action, group_target(group), after=after)
