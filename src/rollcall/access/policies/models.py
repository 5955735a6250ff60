"""What is stored of conditional access: policies, IP lists, defaults, break-glass accounts."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models

from rollcall.access.policies.decision.facts import ResourceType
from rollcall.access.policies.decision.policy import Default
from rollcall.accounts.models import Account
from rollcall.directory.fields import SearchField
from rollcall.directory.models import new_id


class Named(models.Model):
    """What policies and IP lists have in common: an id as the vendor makes them, and a name."""

    id = models.CharField(primary_key=True, max_length=24, default=new_id, editable=False)
    name = models.CharField(max_length=255)
    description = models.CharField(max_length=1024, blank=True, default="")
    search_text = SearchField(of=("name", "description"))
    created = models.DateTimeField(auto_now_add=True)
    updated = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True
        ordering = ["created", "id"]

    def __str__(self) -> str:
        return self.name


class AccessPolicy(Named):
    """A policy (JumpCloud v2, `AuthnPolicy`); the three documents are kept as they were written.

    `type` is the vendor's one type; which resources it is for, `targets` says.
    """

    disabled = models.BooleanField(default=False)
    type = models.CharField(max_length=16)
    targets: models.JSONField[Any, Any] = models.JSONField(default=dict)
    conditions: models.JSONField[Any, Any] = models.JSONField(default=dict)
    effect: models.JSONField[Any, Any] = models.JSONField(default=dict)


class IpList(Named):
    """A list of IP addresses, networks and ranges (JumpCloud v2, `IPList`)."""

    ips: models.JSONField[Any, Any] = models.JSONField(default=list)


class ResourceDefault(models.Model):
    """What becomes of whom no policy speaks of; a resource without a row has the vendor's."""

    resource = models.CharField(
        primary_key=True,
        max_length=16,
        choices=[(type_.value, type_.value) for type_ in ResourceType],
    )
    action = models.CharField(
        max_length=16, choices=[(default.value, default.value) for default in Default]
    )

    def __str__(self) -> str:
        return f"{self.action} for {self.resource}"


class Edition(models.Model):
    """Which edition of all the above this is: one row, with a new token at every change.

    A process that has read an edition keeps it in its compiled form until the token is another.
    It is random and no number: one that was rolled back must not come again with other policies.
    """

    token = models.UUIDField(default=uuid.uuid4)

    def __str__(self) -> str:
        return str(self.token)


class BreakGlass(models.Model):
    """An administrator's account that no policy keeps out; each use of it sends an e-mail."""

    account = models.OneToOneField(
        Account, primary_key=True, on_delete=models.CASCADE, related_name="break_glass"
    )
    created = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"break-glass account {self.account_id}"
