"""What allauth counts is counted for every process, is over in time, and names nobody."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache, caches
from django.test import Client
from django.utils import timezone

from rollcall.accounts import retention, services
from rollcall.accounts.attempt_cache import AttemptCache
from rollcall.accounts.models import RecentAttempt, Role
from tests.actors import TESTER

pytestmark = pytest.mark.django_db
EMAIL = "ada@example.com"


def elsewhere() -> AttemptCache:
    """The cache as another process has it."""
    return AttemptCache("", {})


def over() -> None:
    """Let the time of everything that is kept be over."""
    RecentAttempt.objects.update(expires_at=timezone.now() - timedelta(days=1))


def test_it_is_what_allauth_counts_in() -> None:
    assert isinstance(caches["default"], AttemptCache)


def test_another_process_sees_what_one_has_kept() -> None:
    cache.set("history", [3.5, 1.25], 60)
    assert elsewhere().get("history") == [3.5, 1.25]
    elsewhere().set("history", [4.5], 60)
    assert cache.get("history") == [4.5]
    assert elsewhere().delete("history")
    assert cache.get("history", "nothing") == "nothing"


def test_of_two_processes_one_adds() -> None:
    assert cache.add("used", "y", 30)
    assert not elsewhere().add("used", "n", 30)
    assert cache.get("used") == "y"


def test_what_is_over_is_there_no_longer() -> None:
    cache.set("history", [1.0], 60)
    over()
    assert cache.get("history") is None
    assert not cache.touch("history")
    assert elsewhere().add("history", [2.0], 60)
    assert cache.get("history") == [2.0]


def test_it_is_kept_for_longer_where_that_is_asked_for() -> None:
    cache.set("history", [1.0], 1)
    assert cache.touch("history", None)
    assert RecentAttempt.objects.get().expires_at.year == 9999


def test_whoever_fills_it_makes_no_room_for_more_attempts() -> None:
    cache.set("the history of one account", [1.0], 60)
    for number in range(400):
        cache.set(f"another visitor {number}", [1.0], 60)
    assert cache.get("the history of one account") == [1.0]


def test_no_address_can_be_read_from_it() -> None:
    cache.set("allauth:rl:login:ip:203.0.113.7", [1.0], 60)
    assert "203.0.113.7" not in str(RecentAttempt.objects.values().get())


def test_what_is_over_is_deleted() -> None:
    cache.set("history", [1.0], 60)
    over()
    retention.forget()
    assert not RecentAttempt.objects.exists()


def test_clearing_leaves_nothing() -> None:
    cache.set("history", [1.0], 60)
    cache.clear()
    assert not RecentAttempt.objects.exists()


def test_wrong_passwords_are_counted_for_every_process() -> None:
    services.create(TESTER, EMAIL, {Role.READ_ONLY}, password="a quiet river in may")
    form = {"login": EMAIL, "password": "a wrong password"}
    Client().post("/account/sign-in/", form)
    assert RecentAttempt.objects.exists()
