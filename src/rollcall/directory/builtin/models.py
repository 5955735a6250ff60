"""What the built-in directory stores, with JumpCloud's field names, lengths and id form."""

from __future__ import annotations

import os
import time
from typing import Any

from django.db import models
from django.db.models.functions import Lower

from rollcall.provisioning.user import MAX_LENGTH, State


def new_id() -> str:
    """A new id in JumpCloud's form: 24 hex digits, the first eight the time in seconds."""
    return f"{int(time.time()):08x}{os.urandom(8).hex()}"


class DefaultState(models.TextChoices):
    """The states that a new user may be given by default."""

    STAGED = State.STAGED.value, "Staged"
    ACTIVATED = State.ACTIVATED.value, "Active"


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
    created = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.displayName

    @classmethod
    def the(cls) -> Organization:
        """The organization; made with the default settings when it is asked for first."""
        found = cls.objects.order_by("created").first()
        return found or cls.objects.create()


class User(models.Model):
    """A user of the directory (JumpCloud v1, `systemuser`).

    `external_source` and `external_id` are the external identity: who this user is at the source
    (`personio`, the employee's id). `provenance` says for each field who wrote it last:
    `{field: [source, ISO time]}` with source `personio`, `hand` or `api`.
    """

    id = models.CharField(primary_key=True, max_length=24, default=new_id, editable=False)
    username = models.CharField(max_length=MAX_LENGTH["username"])
    email = models.CharField(max_length=MAX_LENGTH["email"])
    state = models.CharField(
        max_length=9, choices=[(one.value, one.value) for one in State], default=State.STAGED.value
    )
    firstname = models.CharField(max_length=1024, blank=True, default="")
    lastname = models.CharField(max_length=1024, blank=True, default="")
    middlename = models.CharField(max_length=1024, blank=True, default="")
    displayname = models.CharField(max_length=1024, blank=True, default="")
    jobTitle = models.CharField(max_length=1024, blank=True, default="")
    department = models.CharField(max_length=1024, blank=True, default="")
    company = models.CharField(max_length=1024, blank=True, default="")
    location = models.CharField(max_length=1024, blank=True, default="")
    costCenter = models.CharField(max_length=1024, blank=True, default="")
    employeeType = models.CharField(max_length=1024, blank=True, default="")
    description = models.CharField(max_length=1024, blank=True, default="")
    employeeIdentifier = models.CharField(max_length=256, null=True, blank=True)  # noqa: DJ001
    manager = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="reports"
    )
    alternateEmail = models.CharField(max_length=1024, blank=True, default="")
    recoveryEmail = models.CharField(max_length=1024, blank=True, default="")
    attributes = models.JSONField(default=list, blank=True)
    addresses = models.JSONField(default=list, blank=True)
    phoneNumbers = models.JSONField(default=list, blank=True)
    activated = models.BooleanField(default=False)
    account_locked = models.BooleanField(default=False)
    password_expired = models.BooleanField(default=False)
    creationSource = models.CharField(max_length=64, default="jumpcloud:manual")
    external_source = models.CharField(max_length=32, blank=True, default="")
    external_id = models.CharField(max_length=64, null=True, blank=True)  # noqa: DJ001
    provenance = models.JSONField(default=dict, blank=True)
    hire_date = models.DateField(null=True, blank=True)
    created = models.DateTimeField(auto_now_add=True)
    updated = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("username"), name="user_username_unique"),
            models.UniqueConstraint(Lower("email"), name="user_email_unique"),
            models.UniqueConstraint(fields=["employeeIdentifier"], name="user_identifier_unique"),
            models.UniqueConstraint(
                fields=["external_source", "external_id"], name="user_external_identity_unique"
            ),
        ]

    def __str__(self) -> str:
        return self.username


class UserGroup(models.Model):
    """A group of users; groups are what applications are bound to (JumpCloud v2, `usergroup`)."""

    id = models.CharField(primary_key=True, max_length=24, default=new_id, editable=False)
    name = models.CharField(max_length=255, unique=True)
    description = models.CharField(max_length=1024, blank=True, default="")
    members = models.ManyToManyField(User, through="Membership", related_name="groups")
    created = models.DateTimeField(auto_now_add=True)

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

    `name` is the template that it was made from (`personio`, `bookmark`, …); `config` holds what
    only that template has.
    """

    id = models.CharField(primary_key=True, max_length=24, default=new_id, editable=False)
    name = models.CharField(max_length=64)
    displayLabel = models.CharField(max_length=255)
    description = models.CharField(max_length=1024, blank=True, default="")
    ssoUrl = models.CharField(max_length=2048, blank=True, default="")
    logo = models.CharField(max_length=255, blank=True, default="")
    color = models.CharField(max_length=16, blank=True, default="")
    active = models.BooleanField(default=False)
    shown_in_portal = models.BooleanField(default=True)
    config: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True)
    groups = models.ManyToManyField(UserGroup, through="Association", related_name="applications")
    created = models.DateTimeField(auto_now_add=True)

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
