"""Deletes users, many at a time, and says who leads those that they led."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.db import transaction
from django.utils import timezone

from rollcall.audit.actions import Action
from rollcall.audit.actor import Actor
from rollcall.audit.recording import Entry, record_many
from rollcall.core.refusal import Refusal
from rollcall.directory.hierarchy import let_nobody_else_link, manager_refusals
from rollcall.directory.models import ChangeKind, ObjectType, User
from rollcall.directory.services.events import user_target
from rollcall.directory.services.managers import set_managers
from rollcall.directory.services.notes import Note, note
from rollcall.directory.services.results import (
    GONE,
    ManagerChange,
    Refused,
    UserResult,
)


@transaction.atomic(savepoint=False)
def delete_users(
    actor: Actor, source: str, ids: Sequence[str], successor: str | None = None
) -> list[UserResult]:
    """Delete these users with all that is theirs; in their order, each as it was, or why not.

    Those who reported to them get the manager `successor`, or none. Everybody is refused, in the
    field `manager`, where `successor` is no other user, or would come to report to themselves.
    """
    # Before any row is held, as everywhere: writers with two orders could wait for each other.
    let_nobody_else_link()
    users = {u.id: u for u in User.objects.select_for_update().filter(pk__in=ids).order_by("id")}
    reports = list(
        # Who leaves as well needs no manager.
        User.objects.filter(manager__in=users).exclude(pk__in=users).values_list("id", flat=True)
    )
    if successor is not None and (refusal := _refuse_successor(successor, users, reports)):
        return [Refused((refusal,)) if id_ in users else GONE for id_ in ids]
    changes = [ManagerChange(id_, successor if id_ != successor else None) for id_ in reports]
    # Before the deletion, which would empty the managers too, without event, provenance and feed.
    set_managers(actor, source, changes)
    now = timezone.now()
    entries = [
        Entry(user_target(user), {"username": user.username, "email": user.email})
        for user in users.values()
    ]
    record_many(actor, Action.USER_DELETE, entries)
    note(ObjectType.USER, ChangeKind.DELETED, (Note(id_) for id_ in users), now)
    User.objects.filter(pk__in=list(users)).delete()
    return [users.get(id_, GONE) for id_ in ids]


def _refuse_successor(
    successor: str, leaving: Collection[str], reports: Sequence[str]
) -> Refusal | None:
    if successor in leaving or not User.objects.filter(pk=successor).exists():
        return Refusal("manager", "unknown_user", successor)
    wishes = {id_: successor if id_ != successor else None for id_ in reports}
    return next(iter(manager_refusals(wishes).values()), None)
