"""The audit trail of a change to many: an entry for each, written as one statement."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rollcall.audit import recording
from rollcall.audit.actions import Action
from rollcall.audit.models import Event
from rollcall.directory.models import User
from tests.actors import ADMIN

pytestmark = pytest.mark.django_db


def test_each_has_an_entry_with_its_own_value_before() -> None:
    for name, state in (("ines", "STAGED"), ("jonas", "SUSPENDED")):
        User.objects.create(username=name, email=f"{name}@example.com", state=state)
    with CaptureQueriesContext(connection) as queries:
        written = recording.record_selected(
            ADMIN,
            Action.USER_ACTIVATE,
            User.objects.all(),
            target_type="user",
            name="username",
            before={"state": "state"},
            after={"state": "ACTIVATED"},
        )
    assert written == 2
    assert len(queries) == 1
    entries = Event.objects.order_by("target_name")
    assert [(one.target_name, one.before, one.after) for one in entries] == [
        ("ines", {"state": "STAGED"}, {"state": "ACTIVATED"}),
        ("jonas", {"state": "SUSPENDED"}, {"state": "ACTIVATED"}),
    ]
    assert {one.target_id for one in entries} == set(User.objects.values_list("pk", flat=True))


def test_nothing_before_is_an_empty_record() -> None:
    User.objects.create(username="ines", email="ines@example.com")
    recording.record_selected(
        ADMIN,
        Action.USER_GROUP_ADD,
        User.objects.all(),
        target_type="user",
        name="username",
        before={},
        after={"group": "Everyone"},
    )
    entry = Event.objects.get()
    assert (entry.before, entry.after) == ({}, {"group": "Everyone"})
