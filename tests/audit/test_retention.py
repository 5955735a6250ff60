"""Sign-ins are forgotten after 90 days, other events after what the settings say."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from rollcall.audit import keeping, retention
from rollcall.audit.actions import Action
from rollcall.audit.models import Event
from rollcall.audit.recording import record
from tests.actors import ADMIN


@pytest.mark.django_db
def test_sign_ins_are_kept_for_less_time_than_changes() -> None:
    for action in (Action.ACCOUNT_SIGN_IN, Action.USER_UPDATE):
        for days in (89, 91, 399, 401):
            event = record(ADMIN, action)
            Event.objects.filter(pk=event.pk).update(
                timestamp=timezone.now() - timedelta(days=days)
            )
    assert [retention.forget() for _ in range(4)] == [2, 2, 0, 0]  # a share in one pass
    kept = Event.objects.order_by("timestamp")
    assert [(event.action, (timezone.now() - event.timestamp).days) for event in kept] == [
        ("user.update", 399),
        ("user.update", 91),
        ("account.sign_in", 89),
        ("user.update", 89),
    ]


def kept_days(action: Action, *days: int) -> None:
    for number in days:
        event = record(ADMIN, action)
        Event.objects.filter(pk=event.pk).update(timestamp=timezone.now() - timedelta(days=number))


@pytest.mark.django_db
def test_the_portal_says_how_long_each_kind_is_kept() -> None:
    keeping.choose(ADMIN, 10, 20)
    assert keeping.current() == keeping.Kept(timedelta(days=10), timedelta(days=20))
    keeping.choose(ADMIN, 50, 20)  # a sign-in tells of more than a change does
    assert keeping.current().sign_ins == timedelta(days=20)
    keeping.choose(ADMIN, None, None)
    assert keeping.current() == keeping.Kept(timedelta(days=90), timedelta(days=400))
    assert Event.objects.filter(action=Action.SETTINGS_EVENTS_SAVE).count() == 3


@pytest.mark.django_db
def test_sign_ons_at_applications_are_kept_as_sign_ins_are() -> None:
    kept_days(Action.SSO_SIGN_ON, 89, 91)
    kept_days(Action.SSO_REFUSED, 89, 91)
    for _ in range(4):
        retention.forget()
    assert Event.objects.filter(service="sso").count() == 2
