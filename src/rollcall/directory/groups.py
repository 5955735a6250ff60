"""User groups: who is in them, which applications they reach, and who reaches none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from rollcall.core.text import fold
from rollcall.directory.models import (
    Application,
    Association,
    Membership,
    User,
    UserGroup,
    UserQuerySet,
)

CHUNK = 5000
"""How many rows one statement writes at the most."""


@dataclass(frozen=True, slots=True)
class Difference:
    """How many memberships or associations were added and removed; those there already are none."""

    added: int = 0
    removed: int = 0


def create_group(name: str, description: str = "") -> UserGroup:
    """Make a user group.

    Raises:
        ValidationError: the name is empty, too long or taken.
    """
    group = UserGroup(name=name.strip(), description=description.strip())
    group.name_key = fold(group.name)
    group.full_clean()
    group.save(force_insert=True)
    return group


def add_members(group: UserGroup, user_ids: Iterable[str]) -> Difference:
    """Put users into the group; ids that no user has are left out."""
    return set_members(group, add=user_ids)


def remove_members(group: UserGroup, user_ids: Iterable[str]) -> Difference:
    """Take users out of the group."""
    return set_members(group, remove=user_ids)


@transaction.atomic
def set_members(
    group: UserGroup, *, add: Iterable[str] = (), remove: Iterable[str] = ()
) -> Difference:
    """Add and remove members: the differences only, in statements over sets."""
    present = set(Membership.objects.filter(group=group).values_list("user_id", flat=True))
    leaving = sorted(set(remove) & present)
    wanted = sorted(set(add) - present)
    added = removed = 0
    for ids in _chunks(wanted):
        known = User.objects.filter(id__in=ids).order_by("id").values_list("id", flat=True)
        rows = [Membership(group=group, user_id=id_) for id_ in known]
        added += len(Membership.objects.bulk_create(rows, ignore_conflicts=True))
    for ids in _chunks(leaving):
        removed += Membership.objects.filter(group=group, user_id__in=ids).delete()[0]
    return Difference(added, removed)


def bind(application: Application, groups: Iterable[UserGroup]) -> Difference:
    """Give the members of these groups the application."""
    bound = set(application.groups.values_list("id", flat=True))
    rows = [
        Association(application=application, group=group)
        for group in groups
        if group.id not in bound
    ]
    return Difference(added=len(Association.objects.bulk_create(rows, ignore_conflicts=True)))


def unbind(application: Application, groups: Iterable[UserGroup]) -> Difference:
    """Take the application from the members of these groups."""
    ids = [group.id for group in groups]
    gone, _ = Association.objects.filter(application=application, group_id__in=ids).delete()
    return Difference(removed=gone)


def applications_of(user: User) -> QuerySet[Application]:
    """The applications that the user reaches through groups, each once, by label."""
    reached = Association.objects.filter(application=OuterRef("pk"), group__membership__user=user)
    return Application.objects.filter(Exists(reached)).order_by("displayLabel", "id")


def users_of(application: Application) -> UserQuerySet:
    """The users that reach the application through groups, each once, by name."""
    memberships = Membership.objects.filter(
        user=OuterRef("pk"), group__association__application=application
    )
    return User.objects.filter(Exists(memberships)).by_name()


def users_in_no_bound_group(
    application: Application | None = None, source: str | None = None
) -> UserQuerySet:
    """The users who are in no group bound to the application (without one: to any), by name.

    `source` narrows them to users whom that source (its key) knows.
    """
    memberships = Membership.objects.filter(user=OuterRef("pk"))
    if application is None:
        memberships = memberships.filter(group__association__isnull=False)
    else:
        memberships = memberships.filter(group__association__application=application)
    users = User.objects.filter(~Exists(memberships)).by_name()
    return users if source is None else users.filter(identities__source=source)


def _chunks(ids: list[str]) -> Iterable[list[str]]:
    return (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK))
