"""Forgets tokens whose time is over, and sign-ons that have none left."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from rollcall.access.oidc.models import AccessToken, OwnToken, RefreshToken, SignOn
from rollcall.jobs.forgetting import oldest

KEPT: Final = timedelta(days=1)
"""How long a sign-on without tokens stays, so that its code is known when it comes again."""
KEPT_TO_TELL: Final = timedelta(days=30)
"""The same where its application wants to be told when the person is out: its session may last."""


def forget() -> int:
    """Delete tokens and sign-ons that are over, a share in one pass; how many."""
    now = timezone.now()
    forgotten = 0
    for model in (AccessToken, RefreshToken, OwnToken):
        late = model.objects.filter(expires__lt=now)
        forgotten += oldest(late, of=model.objects.all(), by="expires").delete()[0]
    tokens = (
        Exists(AccessToken.objects.filter(sign_on=OuterRef("pk"))),
        Exists(RefreshToken.objects.filter(sign_on=OuterRef("pk"))),
    )
    empty = SignOn.objects.filter(~tokens[0], ~tokens[1], created__lt=now - KEPT, logout_due=None)
    untellable = Q(client__backchannel_logout_uri="") | Q(logout_told__isnull=False)
    empty = empty.filter(untellable | Q(created__lt=now - KEPT_TO_TELL))
    return forgotten + oldest(empty, of=SignOn.objects.all(), by="created").delete()[0]
