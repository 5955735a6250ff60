"""One-time links that set a password: made, found and used up here."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from django.utils import timezone

from rollcall.accounts.models import Administrator, OneTimeLink

LIFETIME = timedelta(days=2)


def make(administrator: Administrator | None) -> str:
    """A new link's token for this administrator (None: the first start); earlier ones end."""
    OneTimeLink.objects.filter(administrator=administrator).delete()
    token = secrets.token_urlsafe(32)
    OneTimeLink.objects.create(
        token_hash=_hash(token),
        administrator=administrator,
        expires_at=timezone.now() + LIFETIME,
    )
    return token


def find(token: str) -> OneTimeLink | None:
    """The link of this token, unless it was used or is too old."""
    now = timezone.now()
    links = OneTimeLink.objects.select_related("administrator")
    return links.filter(token_hash=_hash(token), expires_at__gt=now).first()


def use(link: OneTimeLink) -> bool:
    """End the link; False when somebody else was quicker."""
    deleted, _ = OneTimeLink.objects.filter(pk=link.pk).delete()
    return deleted == 1


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
