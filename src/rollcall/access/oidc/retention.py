"""Forgets tokens whose time is over, and sign-ons that have none left."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.db.models import Exists, OuterRef
from django.utils import timezone

from rollcall.access.oidc.models import AccessToken, RefreshToken, SignOn
from rollcall.jobs.forgetting import oldest

KEPT: Final = timedelta(days=1)
"""How long a sign-on without tokens stays, so that its code is known when it comes again."""


def forget() -> int:
    """Delete tokens and sign-ons that are over, a share in one pass; how many."""
    now = timezone.now()
    forgotten = 0
    for model in (AccessToken, RefreshToken):
        late = model.objects.filter(expires__lt=now)
        forgotten += oldest(late, of=model.objects.all(), by="expires").delete()[0]
    tokens = (
        Exists(AccessToken.objects.filter(sign_on=OuterRef("pk"))),
        Exists(RefreshToken.objects.filter(sign_on=OuterRef("pk"))),
    )
    empty = SignOn.objects.filter(~tokens[0], ~tokens[1], created__lt=now - KEPT)
    return forgotten + oldest(empty, of=SignOn.objects.all(), by="created").delete()[0]
