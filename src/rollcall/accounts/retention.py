"""Forgets sessions, links and counted attempts that are over: they mean nothing any more."""

from __future__ import annotations

from django.contrib.sessions.models import Session
from django.utils import timezone

from rollcall.accounts.models import OneTimeLink, RecentAttempt
from rollcall.jobs.forgetting import oldest


def forget() -> int:
    """Delete sessions, one-time links and attempts that are over, a share in one pass; how many."""
    now = timezone.now()
    sessions = oldest(
        Session.objects.filter(expire_date__lt=now), of=Session.objects.all(), by="expire_date"
    )
    links = oldest(
        OneTimeLink.objects.filter(expires_at__lt=now),
        of=OneTimeLink.objects.all(),
        by="expires_at",
    )
    attempts = oldest(
        RecentAttempt.objects.filter(expires_at__lt=now),
        of=RecentAttempt.objects.all(),
        by="expires_at",
    )
    return sessions.delete()[0] + links.delete()[0] + attempts.delete()[0]
