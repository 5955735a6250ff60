"""How many imported users are in no group that is bound to an application yet."""

from __future__ import annotations

from typing import Final

from django.core.cache import cache
from django.db.models import Count, Max

from rollcall.directory.builtin.groups import users_in_no_bound_group
from rollcall.directory.builtin.models import Association, Membership, User, UserQuerySet

SOURCE: Final = "personio"
KEPT_SECONDS: Final = 300


def users() -> UserQuerySet:
    """The imported users who reach no application."""
    return users_in_no_bound_group(source=SOURCE)


def count() -> int:
    """How many they are; counted anew when users, memberships or associations have changed."""
    key = "unbound-" + "-".join(map(str, _fingerprint()))
    found = cache.get(key)
    if found is None:
        found = users().order_by().count()
        cache.set(key, found, KEPT_SECONDS)
    return int(found)


def _fingerprint() -> tuple[object, ...]:
    imported = User.objects.filter(external_source=SOURCE).count()
    members = Membership.objects.aggregate(count=Count("pk"), last=Max("pk"))
    bound = Association.objects.aggregate(count=Count("pk"), last=Max("pk"))
    return (imported, *members.values(), *bound.values())
