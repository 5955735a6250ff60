"""Who may call the API: keys, the organization they are for, and read-only ones."""

from __future__ import annotations

from typing import Any, cast

from django.http import HttpRequest
from ninja.security import APIKeyHeader, HttpBearer

from rollcall.api import keys
from rollcall.api.jumpcloud.errors import Problem
from rollcall.api.models import ApiKey
from rollcall.audit.actor import Actor, Door, Initiator
from rollcall.directory.models import Organization

READING = frozenset({"GET", "HEAD", "OPTIONS"})
READING_POSTS = (
    "/api/search/",
    "/scim/v2/.search",
    "/scim/v2/Users/.search",
    "/scim/v2/Groups/.search",
)
"""Addresses whose POST only reads."""


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
        Problem: 403 where the key is for another organization or may only read; 400 where the
            address holds the character U+0000.
    """
    key = keys.verify(secret)
    if key is None:
        return None
    wanted = request.headers.get("x-org-id")
    if wanted and wanted != Organization.the().id:
        raise Problem(403, "Forbidden: the key is not for the organization in x-org-id")
    if key.read_only and not only_reads(request):
        raise Problem(403, "Forbidden: the key may only read")
    if any("\0" in text for values in request.GET.lists() for text in (values[0], *values[1])):
        raise Problem(400, "Bad Request: the address holds the character U+0000")
    return key


def only_reads(request: HttpRequest) -> bool:
    """Whether this request changes nothing."""
    return request.method in READING or request.path.startswith(READING_POSTS)


def key_of(request: HttpRequest) -> ApiKey:
    """The key that this request was admitted with."""
    return cast(ApiKey, cast(Any, request).auth)


def actor_of(request: HttpRequest) -> Actor:
    """Who makes this request: its key, by the door of its address."""
    key = key_of(request)
    door = Door.SCIM if request.path.startswith("/scim/") else Door.API
    return Actor(
        Initiator.API_KEY, door, key.name, key.id, str(request.META.get("REMOTE_ADDR", ""))
    )
