"""The members of a group, found quickly in small groups and in large ones."""

from __future__ import annotations

from typing import Final

from django.db.models import Exists, OuterRef

from rollcall.directory.models import Membership, User, UserGroup, UserQuerySet

LARGE: Final = 1000
"""From this many members on, walking the users by name finds a page sooner than sorting members."""


def count_members(group: UserGroup) -> int:
    """How many members the group has."""
    return Membership.objects.filter(group=group).count()


def find_members(group: UserGroup) -> UserQuerySet:
    """The group's members."""
    memberships = Membership.objects.filter(group=group)
    # This begins at the members; the other walks the users by name until a page is full.
    if count_members(group) < LARGE:
        return User.objects.filter(pk__in=memberships.values("user"))
    return User.objects.filter(Exists(memberships.filter(user=OuterRef("pk"))))
