"""Sign-ins are forgotten after 90 days, other events after what the settings say."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from rollcall.audit import retention
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
