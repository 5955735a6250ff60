"""How many imported users are in no group that is bound to an application yet."""

from __future__ import annotations

from typing import Final

from django.core.cache import caches

from rollcall.directory.groups import users_in_no_bound_group
from rollcall.directory.models import Association, ExternalIdentity, Membership, UserQuerySet

KEPT_SECONDS: Final = 300


def find_users() -> UserQuerySet:
    """The imported users who reach no application."""
    return users_in_no_bound_group().imported()


def count() -> int:
    """How many they are; counted anew when users, memberships or associations have changed."""
    # The count walks every imported user, Home and the list show it on each visit, and it changes
    # seldom: it is kept until one of the three tables has grown or shrunk.
    key = "unbound-" + "-".join(map(str, _fingerprint()))
    # In this process: a page that is only looked at waits for nobody who writes.
    cache = caches["this process"]
    number = cache.get(key)
    if number is None:
        number = find_users().order_by().count()
        cache.set(key, number, KEPT_SECONDS)
    return int(number)


def _fingerprint() -> tuple[int, ...]:
    imported = ExternalIdentity.objects.count()
    return (imported, *_extent(Membership), *_extent(Association))


def _extent(model: type[Membership] | type[Association]) -> tuple[int, int]:
    """How many rows there are, and the last one's number, which no other row ever gets."""
    # The number as well as the count: one row gone and another come leaves the count as it was.
    last = model._default_manager.order_by("-pk").values_list("pk", flat=True).first()
    return model._default_manager.count(), last or 0
