"""What checking a batch of users needs to know of the directory, in few statements."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Q
from django.db.models.functions import Lower

from rollcall.api.jumpcloud.request_schemas import UserFields
from rollcall.directory.models import User


@dataclass
class Known:
    """Who has which unique value already, and which of the named managers exist.

    The maps lead from the value (username and e-mail in lower case) to the user's id; `take` and
    `release` keep them true while a batch is worked through. `bound` are users whose username
    cannot change, since an application knows them by it.
    """

    usernames: dict[str, str] = field(default_factory=dict)
    emails: dict[str, str] = field(default_factory=dict)
    identifiers: dict[str, str] = field(default_factory=dict)
    managers: set[str] = field(default_factory=set)
    bound: set[str] = field(default_factory=set)

    def take(self, user: User) -> None:
        """Note that this user has its unique values now."""
        self.usernames[user.username.lower()] = user.id
        self.emails[user.email.lower()] = user.id
        if user.employeeIdentifier:
            self.identifiers[user.employeeIdentifier] = user.id

    def release(self, user: User) -> None:
        """Note that the values this user had are free, before it takes others."""
        self.usernames.pop(user.username.lower(), None)
        self.emails.pop(user.email.lower(), None)
        self.identifiers.pop(user.employeeIdentifier or "", None)


def known_for(batch: Sequence[UserFields], renamed: Iterable[str] = ()) -> Known:
    """What is known for checking these; `renamed` are ids of users who may get a new username."""
    known = Known()
    usernames = {one.username.lower() for one in batch if one.username}
    emails = {one.email.lower() for one in batch if one.email}
    identifiers = {one.employeeIdentifier for one in batch if one.employeeIdentifier}
    holders = (
        User.objects.annotate(lower_username=Lower("username"), lower_email=Lower("email"))
        .filter(
            Q(lower_username__in=usernames)
            | Q(lower_email__in=emails)
            | Q(employeeIdentifier__in=identifiers)
        )
        .only("id", "username", "email", "employeeIdentifier")
    )
    for holder in holders:
        known.take(holder)
    managers = {one.manager for one in batch if one.manager}
    if managers:
        known.managers.update(User.objects.filter(id__in=managers).values_list("id", flat=True))
    if ids := list(renamed):
        bound = User.objects.filter(id__in=ids, groups__applications__isnull=False)
        known.bound.update(bound.values_list("id", flat=True))
    return known
