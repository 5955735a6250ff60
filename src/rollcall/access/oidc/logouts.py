"""Who is out, and which applications are to be told so: put down here, told by `logout_delivery`.

An application that has named an address for it (OpenID Connect Back-Channel Logout 1.0) is told of
each session that it had with the person, whatever ended it, from whichever process.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from rollcall.access.oidc.models import Client, FeedPlace, SignOn
from rollcall.access.oidc.sign_ons import sid_of
from rollcall.accounts.departures import Departure
from rollcall.directory import feed
from rollcall.directory.feed import Cursor, FeedLost
from rollcall.directory.models import ChangeKind, DirectoryChange, ObjectType
from rollcall.provisioning.user import State

DECISIVE: Final = frozenset({"state", "account_locked", "password_expired"})
"""The fields of a user that can end what they have open (`accounts.standing`)."""

BARRED: Final = (
    Q(account__is_active=False)
    | Q(account__user=None)
    | ~Q(account__user__state=State.ACTIVATED)
    | Q(account__user__account_locked=True)
    | Q(account__user__password_expired=True)
)


@transaction.atomic
def departed(departure: Departure) -> None:
    """Somebody has signed out, or got another password: two statements, however much was open."""
    theirs = SignOn.objects.filter(account=departure.account_id)
    if departure.session_keys:
        theirs = theirs.filter(sid__in=[sid_of(key) for key in departure.session_keys])
    # A code that is on its way now would let them in again.
    theirs.filter(code_used=None, revoked=None).update(revoked=timezone.now())
    _owe(theirs)


def follow() -> int:
    """Look at what has changed in the directory since the last time; how many are to be told.

    Harmless in several processes at once: a change that two look at is put down once.
    """
    if not Client.objects.exclude(backchannel_logout_uri="").exists():
        # Nothing is missed: whoever wants to be told from now on had nothing to be told before.
        FeedPlace.objects.all().delete()
        return 0
    place = FeedPlace.objects.filter(pk=1).first()
    if place is None:
        _keep(feed.position())
        return _owe(SignOn.objects.filter(BARRED))
    try:
        changes = feed.changes_after(Cursor.from_text(place.cursor), feed.MOST)
    except (FeedLost, ValueError):
        _keep(feed.position())
        return _owe(SignOn.objects.filter(BARRED))
    owed = _of_changes(changes)
    if changes:
        _keep(feed.cursor_of(changes[-1]))
    return owed


def _of_changes(changes: Collection[DirectoryChange]) -> int:
    of_users = [change for change in changes if change.object_type == ObjectType.USER]
    ids = {change.object_id for change in of_users if not DECISIVE.isdisjoint(change.fields)}
    whose = Q(account__user__in=ids)
    if any(change.kind == ChangeKind.DELETED for change in of_users):
        # Their account stays, and no longer says whose it was.
        whose |= Q(account__user=None)
    elif not ids:
        return 0
    return _owe(SignOn.objects.filter(whose).filter(BARRED))


def _owe(sign_ons: QuerySet[SignOn]) -> int:
    """Put down that the applications of these sign-ons are to be told: one statement."""
    untold = sign_ons.filter(logout_told=None, logout_due=None, code_used__isnull=False)
    takers = untold.exclude(client__backchannel_logout_uri="")
    return takers.update(logout_due=timezone.now(), logout_attempts=0)


def _keep(cursor: Cursor) -> None:
    FeedPlace.objects.update_or_create(pk=1, defaults={"cursor": cursor.text()})
