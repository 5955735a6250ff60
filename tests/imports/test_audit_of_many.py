"""The audit trail of a change to many: an entry for each, written as one statement."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rollcall.audit import recording
from rollcall.audit.actions import Action
from rollcall.audit.models import AuditEntry
from rollcall.directory.models import User

pytestmark = pytest.mark.django_db


def test_each_has_an_entry_with_its_own_value_before() -> None:
    for name, state in (("ines", "STAGED"), ("jonas", "SUSPENDED")):
        User.objects.create(username=name, email=f"{name}@example.com", state=state)
    with CaptureQueriesContext(connection) as queries:
        written = recording.record_each(
            User.objects.all(),
            actor="ada@example.com",
            source="portal",
            action=Action.USER_ACTIVATE,
            target_type="user",
            target="username",
            before={"state": "state"},
            after={"state": "ACTIVATED"},
            address="127.0.0.1",
        )
    assert written == 2
    assert len(queries) == 1
    entries = AuditEntry.objects.order_by("target")
    assert [(one.target, one.before, one.after) for one in entries] == [
        ("ines", {"state": "STAGED"}, {"state": "ACTIVATED"}),
        ("jonas", {"state": "SUSPENDED"}, {"state": "ACTIVATED"}),
    ]
    assert {one.target_id for one in entries} == set(User.objects.values_list("pk", flat=True))


def test_nothing_before_is_an_empty_record() -> None:
    User.objects.create(username="ines", email="ines@example.com")
    recording.record_each(
        User.objects.all(),
        actor="ada@example.com",
        source="portal",
        action=Action.USER_GROUP_ADD,
        target_type="user",
        target="username",
        before={},
        after={"group": "Everyone"},
    )
    entry = AuditEntry.objects.get()
    assert (entry.before, entry.after) == ({}, {"group": "Everyone"})
