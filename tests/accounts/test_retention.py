"""Sessions and one-time links are deleted once they are over, a share in one pass."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from rollcall.accounts import one_time_links, retention
from rollcall.accounts.models import OneTimeLink
from rollcall.jobs import clock

pytestmark = pytest.mark.django_db


def sessions(number: int, hours: int) -> None:
    """So many sessions, of which so many hours are left."""
    for _ in range(number):
        session = SessionStore()
        session.set_expiry(timezone.now() + timedelta(hours=hours))
        session.save(must_create=True)


def test_sessions_that_are_over_go_and_the_others_stay() -> None:
    sessions(8, hours=-1)
    sessions(2, hours=1)
    assert retention.forget() == 2
    while retention.forget():
        pass
    assert Session.objects.count() == 2


def test_links_that_are_over_go_and_the_others_stay() -> None:
    token = one_time_links.make(None)
    assert retention.forget() == 0
    OneTimeLink.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    assert retention.forget() == 1
    assert one_time_links.find(token) is None


def test_a_clock_that_leaps_deletes_none(monkeypatch: pytest.MonkeyPatch) -> None:
    sessions(10, hours=1)
    clock.read()
    late = timezone.now() + timedelta(days=3650)
    monkeypatch.setattr(timezone, "now", lambda: late)
    assert retention.forget() == 0
    assert Session.objects.count() == 10
