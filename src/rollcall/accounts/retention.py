"""Forgets sessions and links that are over: nobody can sign in with them any more."""

from __future__ import annotations

from django.contrib.sessions.models import Session
from django.utils import timezone

from rollcall.accounts.models import OneTimeLink
from rollcall.jobs.forgetting import oldest


def forget() -> int:
    """Delete sessions and one-time links whose time is over, a share in one pass; how many."""
    now = timezone.now()
    sessions = oldest(
        Session.objects.filter(expire_date__lt=now), of=Session.objects.all(), by="expire_date"
    )
    links = oldest(
        OneTimeLink.objects.filter(expires_at__lt=now),
        of=OneTimeLink.objects.all(),
        by="expires_at",
    )
    return sessions.delete()[0] + links.delete()[0]
