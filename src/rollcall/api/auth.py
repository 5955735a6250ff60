"""Who may call the API: keys, the organization they are for, and what their roles permit."""

from __future__ import annotations

import re
from typing import Any, Final, cast

from django.http import HttpRequest
from ninja.security import APIKeyHeader, HttpBearer

from rollcall.accounts import api_keys, permissions
from rollcall.accounts.actors import NOBODY
from rollcall.accounts.models import ApiKey, Role
from rollcall.accounts.permissions import Permission
from rollcall.api.jumpcloud.errors import Problem
from rollcall.audit.actions import Action
from rollcall.audit.actor import Actor, Door, Initiator
from rollcall.audit.refusals import record_refusal
from rollcall.directory.models import Organization

READING = frozenset({"GET", "HEAD", "OPTIONS"})
READING_POSTS = (
    "/api/search/",
    "/api/v2/authn/what-if",
    "/insights/directory/v1/events",
    "/scim/v2/.search",
    "/scim/v2/Users/.search",
    "/scim/v2/Groups/.search",
)
"""Addresses whose POST only reads."""

WRITES: Final = (
    (re.compile(r"/api/organizations(/|$)"), Permission.MANAGE_SETTINGS),
    (re.compile(r"/api/v2/(authn|iplists)(/|$)"), Permission.MANAGE_SETTINGS),
    (re.compile(r"/api/applications(/|$)"), Permission.MANAGE_APPLICATIONS),
    (re.compile(r"/api/systemusers/[^/]+/(unlock|resetmfa|mfasync)$"), Permission.HELP_USERS),
    (re.compile(r"/api/v2/applications/[^/]+/import/"), Permission.START_IMPORTS),
)
"""What writing at an address takes, where it is more than `WRITE_USERS`."""


READS: Final = (
    (re.compile(r"/api/v2/authn/break-glass(/|$)"), Permission.MANAGE_ADMINISTRATORS),
    (re.compile(r"/insights/"), Permission.READ_EVENTS),
)
"""What reading at an address takes, where it is not `READ_DIRECTORY`."""


class KeyHeader(APIKeyHeader):
    """The key in `x-api-key`."""

    param_name = "x-api-key"

    def authenticate(self, request: HttpRequest, key: str | None) -> ApiKey | None:
        """The key, if it may make this request."""
        return admit(request, key) if key else None


class Bearer(HttpBearer):
    """The key in `Authorization: Bearer`."""

    def authenticate(self, request: HttpRequest, token: str) -> ApiKey | None:
        """The key, if it may make this request."""
        return admit(request, token)


def admit(request: HttpRequest, secret: str) -> ApiKey | None:
    """The key with this secret; None where there is none.

    Raises:
        Problem: 403 where the key is for another organization or its role does not permit the
            request; 400 where the address holds the character U+0000.
    """
    key = api_keys.verify(secret)
    if key is None:
        # Told apart in the audit log alone: whoever tries keys must not learn which of them once
        # worked.
        revoked = api_keys.revoked_with(secret)
        _refuse(request, revoked, "the key is revoked" if revoked else "there is no such key")
        return None
    # Clients for many organizations send it with every request. Whoever named another one must not
    # write into this one by mistake.
    organization_id = request.headers.get("x-org-id")
    if organization_id and organization_id != Organization.the().id:
        _refuse(request, key, "the key is not for this organization")
        raise Problem(403, "Forbidden: the key is not for the organization in x-org-id")
    # Before the view and by the address: a new call is guarded as soon as it exists.
    if not permissions.allows([Role(key.role)], needed(request)):
        limit = "only read" if key.read_only else f"not do this as {Role(key.role).label}"
        _refuse(request, key, f"the key may {limit}")
        raise Problem(403, f"Forbidden: the key may {limit}")
    # No text of PostgreSQL can hold it: a query with it would fail in a way of its own.
    if any("\0" in text for values in request.GET.lists() for text in (values[0], *values[1])):
        raise Problem(400, "Bad Request: the address holds the character U+0000")
    return key


def needed(request: HttpRequest) -> Permission:
    """What the caller of this request must be permitted."""
    reads = only_reads(request)
    listed = READS if reads else WRITES
    matches = (permission for address, permission in listed if address.match(request.path))
    return next(matches, Permission.READ_DIRECTORY if reads else Permission.WRITE_USERS)


def only_reads(request: HttpRequest) -> bool:
    """Whether this request changes nothing."""
    return request.method in READING or request.path.startswith(READING_POSTS)


def key_of(request: HttpRequest) -> ApiKey:
    """The key that this request was admitted with."""
    return cast(ApiKey, cast(Any, request).auth)


def actor_of(request: HttpRequest) -> Actor:
    """Who makes this request: its key, by the door of its address."""
    return _actor(request, key_of(request))


def _actor(request: HttpRequest, key: ApiKey | None) -> Actor:
    return Actor(
        type=Initiator.API_KEY,
        door=Door.SCIM if request.path.startswith("/scim/") else Door.API,
        # A key that nobody knows is no one's: its event does not repeat what was sent.
        name=key.name if key else NOBODY,
        id=key.id if key else "",
        address=str(request.META.get("REMOTE_ADDR", "")),
    )


def _refuse(request: HttpRequest, key: ApiKey | None, reason: str) -> None:
    target = api_keys.key_target(key) if key else None
    record_refusal(_actor(request, key), Action.KEY_REFUSED, target, reason=reason)
