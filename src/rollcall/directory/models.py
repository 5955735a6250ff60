"""What the built-in directory stores, with JumpCloud's field names, lengths and id form."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from typing import Any, Final

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Length, Lower
from django.utils.functional import cached_property

from rollcall.core import searching, usernames
from rollcall.core.labels import GROUP_LIMITS
from rollcall.core.user_fields import ALTERNATE_LENGTHS, MAX_LENGTH
from rollcall.core.user_texts import FILTERED
from rollcall.directory.fields import (
    CurrentTransaction,
    FoldedField,
    LowercaseField,
    SearchField,
    SortField,
)
from rollcall.provisioning.user import State

models.CharField.register_lookup(Length)
models.CharField.register_lookup(Lower)


def within(limits: Mapping[str, int]) -> Q:
    """The condition that each of these text fields keeps to its limit, in characters."""
    return Q(*[(f"{name}__length__lte", limit) for name, limit in limits.items()])


def new_id() -> str:
    """A new id in JumpCloud's form: 24 hex digits, the first eight the time in seconds."""
    return f"{int(time.time()):08x}{os.urandom(8).hex()}"


class DefaultState(models.TextChoices):
    """The states that a new user may be given by default."""

    STAGED = State.STAGED.value, "Staged"
    ACTIVATED = State.ACTIVATED.value, "Active"


SHORTEST_LIMIT: Final = usernames.EVERYWHERE


class Organization(models.Model):
    """The one organization of this directory and its settings."""

    id = models.CharField(primary_key=True, max_length=24, default=new_id, editable=False)
    displayName = models.CharField(max_length=255, default="Rollcall")
    manualEntry = models.CharField(
        max_length=9, choices=DefaultState, default=DefaultState.ACTIVATED
    )
    csvImport = models.CharField(max_length=9, choices=DefaultState, default=DefaultState.STAGED)
    applicationImport = models.CharField(
        max_length=9, choices=DefaultState, default=DefaultState.STAGED
    )
    # of usernames that are made of an e-mail; one that somebody writes has the vendor's limit
    username_length = models.PositiveSmallIntegerField(default=SHORTEST_LIMIT)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    manualEntry__in=DefaultState.values,
                    csvImport__in=DefaultState.values,
                    applicationImport__in=DefaultState.values,
                ),
                name="organization_default_states",
            ),
            models.CheckConstraint(
                condition=within({"displayName": 255}), name="organization_lengths"
            ),
            models.CheckConstraint(
                condition=Q(username_length__range=(SHORTEST_LIMIT, usernames.LIMIT)),
                name="organization_username_length",
            ),
        ]

    def __str__(self) -> str:
        return self.displayName

    @classmethod
    def the(cls) -> Organization:
        """The organization; made with the default settings when it is asked for first."""
        organization = cls.objects.order_by("created").first()
        return organization or cls.objects.create()


SEARCHED: Final = (
    "username",
    "email",
    "firstname",
    "lastname",
    "displayname",
    "middlename",
    "employeeIdentifier",
)
"""The fields of a user that a search without a field looks into, as `User.search_text` has them."""


BY_NAME: Final = ("sort_lastname", "sort_firstname")
"""The order of lists of users: by last name, then first name, as people sort names."""


class UserQuerySet(models.QuerySet["User"]):
    """Users, with the questions that lists ask."""

    def search(self, text: str) -> UserQuerySet:
        """The users in whose names, username, e-mail or employee identifier every word occurs.

        A word may also be the whole id of the employee at a source. Neither case nor accents count.
        """
        users = self
        for word in searching.words(text):
            # Ids are kept as their source writes them, and a word has lost its capitals.
            ids = [piece for piece in text.split() if searching.searchable(piece) == word]
            known = known_elsewhere_as(word, word.upper(), *filter(str.isprintable, ids))
            users = users.filter(Q(search_text__contains=word) | known)
        return users

    def imported(self, source: str | None = None) -> UserQuerySet:
        """The users who carry an employee: of this connected account, or of any."""
        identities = ExternalIdentity.objects.filter(user=OuterRef("pk"))
        if source is not None:
            identities = identities.filter(source=source)
        return self.filter(Exists(identities))

    def by_name(self) -> UserQuerySet:
        """The users in the order of lists: last name, first name; every user has one place."""
        return self.order_by(*BY_NAME, "id")


class User(models.Model):
    """A user of the directory (JumpCloud v1, `systemuser`).

    `provenance` says for each field who wrote it last: `{field: [source, ISO time]}` with `hand`,
    `api`, or the key of the source that an import read. Who the user is at such a source, the
    `identities` say.
    """

    id = models.CharField(primary_key=True, max_length=24, default=new_id, editable=False)
    username = models.CharField(
        max_length=MAX_LENGTH["username"],
        validators=[
            RegexValidator(
                usernames.PATTERN,
                "A username starts with a letter; letters, digits, . _ - may follow.",
            )
        ],
    )
    email = LowercaseField(max_length=MAX_LENGTH["email"])
    state = models.CharField(
        max_length=9,
        choices=[(state.value, state.value) for state in State],
        default=State.STAGED.value,
    )
    firstname = models.CharField(max_length=MAX_LENGTH["firstname"], blank=True, default="")
    lastname = models.CharField(max_length=MAX_LENGTH["lastname"], blank=True, default="")
    middlename = models.CharField(max_length=MAX_LENGTH["middlename"], blank=True, default="")
    displayname = models.CharField(max_length=MAX_LENGTH["displayname"], blank=True, default="")
    jobTitle = models.CharField(max_length=MAX_LENGTH["jobTitle"], blank=True, default="")
    department = models.CharField(max_length=MAX_LENGTH["department"], blank=True, default="")
    company = models.CharField(max_length=MAX_LENGTH["company"], blank=True, default="")
    location = models.CharField(max_length=MAX_LENGTH["location"], blank=True, default="")
    costCenter = models.CharField(max_length=MAX_LENGTH["costCenter"], blank=True, default="")
    employeeType = models.CharField(max_length=MAX_LENGTH["employeeType"], blank=True, default="")
    description = models.CharField(max_length=MAX_LENGTH["description"], blank=True, default="")
    # Null where there is none: the column is unique, and an empty text would be somebody's.
    employeeIdentifier = models.CharField(max_length=256, null=True, blank=True)  # noqa: DJ001
    manager = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="reports"
    )
    alternateEmail = models.CharField(max_length=1024, blank=True, default="")
    recoveryEmail = models.CharField(max_length=1024, blank=True, default="")
    attributes: models.JSONField[Any, Any] = models.JSONField(default=list, blank=True)
    addresses: models.JSONField[Any, Any] = models.JSONField(default=list, blank=True)
    phoneNumbers: models.JSONField[Any, Any] = models.JSONField(default=list, blank=True)
    activated = models.BooleanField(default=False)
    account_locked = models.BooleanField(default=False)
    password_expired = models.BooleanField(default=False)
    creationSource = models.CharField(max_length=64, default="jumpcloud:manual")
    # Beside the values and not in a table: it is read and written with the user each time.
    provenance: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True)
    search_text = SearchField(of=SEARCHED)
    sort_lastname = SortField(of="lastname")
    sort_firstname = SortField(of="firstname")
    created = models.DateTimeField(auto_now_add=True)
    updated = models.DateTimeField(auto_now=True)

    objects = UserQuerySet.as_manager()

    class Meta:
        constraints = [
            # Usernames are ASCII, so LOWER says the same on both engines.
            models.UniqueConstraint(Lower("username"), name="user_username_unique"),
            models.UniqueConstraint(fields=["email"], name="user_email_unique"),
            models.UniqueConstraint(fields=["employeeIdentifier"], name="user_identifier_unique"),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in State]), name="user_state_known"
            ),
            models.CheckConstraint(
                condition=Q(manager__isnull=True) | ~Q(manager=F("id")),
                name="user_not_own_manager",
            ),
            models.CheckConstraint(
                condition=Q(username__length__gte=1, email__length__gte=1)
                & within({**MAX_LENGTH, **ALTERNATE_LENGTHS}),
                name="user_lengths",
            ),
        ]
        # lists filter by one of these and are sorted by name
        indexes = [
            models.Index(fields=BY_NAME, name="user_sorted"),
            models.Index(fields=["lastname", "firstname"], name="user_by_name"),  # API clients'
            models.Index(fields=["state", *BY_NAME], name="user_by_state"),
            *(
                models.Index(fields=[name, *BY_NAME], name=f"user_by_{name.lower()}")
                for name in FILTERED
            ),
            models.Index(fields=["created"], name="user_by_created"),
        ]

    def __str__(self) -> str:
        return self.username

    @cached_property
    def sources(self) -> frozenset[str]:
        """The keys of the sources that know this user."""
        return frozenset(self.identities.values_list("source", flat=True))


class ExternalIdentity(models.Model):
    """Who a user is elsewhere: the id that a source knows the user by (an employee's id).

    `source` is the key of the connected account and not its kind, so that the ids of two accounts
    of one vendor never meet.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="identities")
    source = models.CharField(max_length=64)
    external_id = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "external_id"], name="external_identity_of_one_user"
            ),
            models.UniqueConstraint(
                fields=["source", "user"], name="external_identity_once_a_source"
            ),
            models.CheckConstraint(
                condition=Q(source__length__gte=1, external_id__length__gte=1)
                & within({"source": 64, "external_id": 64}),
                name="external_identity_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.external_id} at {self.source}"


def known_elsewhere_as(*ids: str) -> Q:
    """The condition that a user carries an employee with one of these ids, at any source."""
    # a subquery and no join, which would show a user once for each source
    return Q(pk__in=ExternalIdentity.objects.filter(external_id__in=ids).values("user"))


class UserGroup(models.Model):
    """A group of users; groups are what applications are bound to (JumpCloud v2, `usergroup`).

    `name_key` is the name as names are compared; the database cannot fold case in every script.
    `updated` moves with the members too.
    """

    id = models.CharField(primary_key=True, max_length=24, default=new_id, editable=False)
    name = models.CharField(max_length=255)
    # Folding makes up to three characters of one.
    name_key = FoldedField(of="name", max_length=765, editable=False)
    description = models.CharField(max_length=1024, blank=True, default="")
    search_text = SearchField(of=("name", "description"))
    members = models.ManyToManyField(User, through="Membership", related_name="groups")
    created = models.DateTimeField(auto_now_add=True)
    updated = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(name__length__gte=1) & within(GROUP_LIMITS), name="user_group_lengths"
            ),
            # The rules say so first; this is for two writers at once.
            models.UniqueConstraint(fields=["name_key"], name="user_group_name_unique"),
        ]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A user in a user group."""

    group = models.ForeignKey(UserGroup, on_delete=models.CASCADE)
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["group", "user"], name="membership_unique")]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.group_id}"


class Application(models.Model):
    """A configured application (JumpCloud v1, `application`).

    `name` is the template that it was made from (`bookmark`, …); `config` holds what
    only that template has. `logo` is an address or a small picture as a `data:` address.
    """

    id = models.CharField(primary_key=True, max_length=24, default=new_id, editable=False)
    name = models.CharField(max_length=64)
    displayLabel = models.CharField(max_length=255)
    description = models.CharField(max_length=1024, blank=True, default="")
    ssoUrl = models.CharField(max_length=2048, blank=True, default="")
    logo = models.TextField(blank=True, default="")
    color = models.CharField(max_length=16, blank=True, default="")
    active = models.BooleanField(default=False)
    shown_in_portal = models.BooleanField(default=True)
    config: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True)
    search_text = SearchField(of=("displayLabel", "description"))
    groups = models.ManyToManyField(UserGroup, through="Association", related_name="applications")
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=within({"displayLabel": 255, "description": 1024, "ssoUrl": 2048}),
                name="application_lengths",
            )
        ]

    def __str__(self) -> str:
        return self.displayLabel


class Association(models.Model):
    """An application bound to a user group: its members are the application's users."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE)
    group = models.ForeignKey(UserGroup, on_delete=models.CASCADE)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "group"], name="association_unique")
        ]

    def __str__(self) -> str:
        return f"{self.application_id} to {self.group_id}"


class ObjectType(models.TextChoices):
    """What a change of the directory is about."""

    USER = "user", "User"
    USER_GROUP = "user_group", "User group"
    APPLICATION = "application", "Application"
    ORGANIZATION = "organization", "Organization"


class ChangeKind(models.TextChoices):
    """What has been done to an object; `FORGOTTEN` marks where older changes were let go of."""

    CREATED = "created", "Created"
    UPDATED = "updated", "Updated"
    DELETED = "deleted", "Deleted"
    MEMBER_ADDED = "member_added", "Member added"
    MEMBER_REMOVED = "member_removed", "Member removed"
    BOUND = "bound", "Bound"
    UNBOUND = "unbound", "Unbound"
    FORGOTTEN = "forgotten", "Forgotten"


class DirectoryChange(models.Model):
    """One change of the directory, for whoever follows it: what, when, which fields; no values.

    Of a membership the object is the group and `other_id` the user; of an association the
    application and the group. What a deleted object was part of ends with it, without changes of
    its own. `transaction` orders what was written at once: see `directory.feed`.
    """

    # The database's doing: only there the number of the transaction is known.
    transaction = models.BigIntegerField(db_default=CurrentTransaction(), editable=False)
    at = models.DateTimeField()
    object_type = models.CharField(max_length=16, choices=ObjectType)
    # No foreign key: a change outlives what it is about.
    object_id = models.CharField(max_length=24)
    kind = models.CharField(max_length=16, choices=ChangeKind)
    other_id = models.CharField(max_length=24, blank=True, default="")
    fields: models.JSONField[Any, Any] = models.JSONField(default=list)

    class Meta:
        indexes = [models.Index(fields=["transaction", "id"], name="directory_change_order")]

    def __str__(self) -> str:
        return f"{self.object_type} {self.object_id} {self.kind}"
