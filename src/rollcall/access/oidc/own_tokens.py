"""Tokens of a client for itself (RFC 6749, 4.4): nobody's, told about by introspection alone."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from rollcall.access.oidc.digests import digest
from rollcall.access.oidc.library import ACCESS_TOKEN_SECONDS
from rollcall.access.oidc.models import Client, OwnToken


def issue(client: Client, token: str) -> None:
    """Keep a new token by its digest: one statement."""
    expires = timezone.now() + timedelta(seconds=ACCESS_TOKEN_SECONDS)
    OwnToken.objects.create(client=client, digest=digest(token), expires=expires)


def known(client: Client, token: str) -> OwnToken | None:
    """The living token of this client; None where it has none like it, or none any more."""
    if not (client.has_own_tokens and client.application.active):
        return None
    living = OwnToken.objects.filter(client=client, expires__gt=timezone.now())
    return living.filter(digest=digest(token)).first()


def revoke(client: Client, token: str) -> None:
    """End this token, if it is the client's."""
    OwnToken.objects.filter(client=client, digest=digest(token)).delete()
