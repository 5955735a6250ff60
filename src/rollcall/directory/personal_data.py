"""What the directory keeps of a person: the user, who they are at sources, and their groups."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django.db.models import Q

from rollcall.core import emails
from rollcall.core.actor import Actor
from rollcall.directory import services
from rollcall.directory.models import DirectoryChange, ExternalIdentity, Membership, User
from rollcall.privacy.registry import Impersonal, PersonalRecords, Rows, Statement
from rollcall.privacy.subject import Subject

MOST_FOUND: Final = 20
"""How many people a search by name names."""


def _identify(text: str) -> Iterable[Subject]:
    source, _, id_at_source = text.rpartition(":")
    at_source = Q(identities__external_id=id_at_source)
    if source and source != "user":
        at_source &= Q(identities__source=source)
    asked = Q(pk=text.removeprefix("user:")) | at_source
    asked |= Q(username__iexact=text) | Q(email=emails.normalize(text))
    users = User.objects.filter(asked).distinct()
    return map(_subject, users.prefetch_related("identities"))


def _search(text: str) -> Iterable[Subject]:
    users = User.objects.search(text).by_name().prefetch_related("identities")
    return map(_subject, users[:MOST_FOUND] if text.strip() else ())


def _subject(user: User) -> Subject:
    return Subject(
        user_id=user.pk,
        usernames=frozenset({user.username}),
        emails=frozenset(
            address.lower()
            for address in (user.email, user.alternateEmail, user.recoveryEmail)
            if address
        ),
        identities=frozenset(
            (identity.source, identity.external_id) for identity in user.identities.all()
        ),
    )


def _rows(subject: Subject) -> Rows:
    if not subject.user_id:
        return ()
    return (
        User.objects.filter(pk=subject.user_id),
        ExternalIdentity.objects.filter(user=subject.user_id),
        Membership.objects.filter(user=subject.user_id),
    )


def _erase(subject: Subject, actor: Actor) -> int:
    # Counted before, since the deletion tells of the user alone.
    rows = sum(rows.count() for rows in _rows(subject))
    if rows:
        services.delete_users(actor, services.HAND, [subject.user_id])
    return rows


def _change_rows(subject: Subject) -> Rows:
    if not subject.user_id:
        return ()
    about = Q(object_id=subject.user_id) | Q(other_id=subject.user_id)
    return (DirectoryChange.objects.filter(about),)


def _keep(_: Subject, __: Actor) -> int:
    """Followers must still learn that the user is gone; the id names nobody any more."""
    return 0


STATEMENT = Statement(
    records=(
        PersonalRecords(
            name="users of the directory",
            columns=(
                "directory.User",
                "directory.ExternalIdentity",
                "directory.Membership",
            ),
            rows=_rows,
            erase=_erase,
            identify=_identify,
            search=_search,
        ),
        PersonalRecords(
            name="change feed of the directory",
            columns=("directory.DirectoryChange",),
            rows=_change_rows,
            erase=_keep,
        ),
    ),
    impersonal=(
        Impersonal(("directory.Organization",), "the organization's name and settings"),
        Impersonal(("directory.UserGroup",), "what administrators call a set of users"),
        Impersonal(("directory.Application",), "an application's name, address and settings"),
        Impersonal(("directory.Association",), "which application a user group has"),
    ),
)
