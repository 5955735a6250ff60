"""An application that is deactivated asks first, and its imports and schedule end with it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from rollcall.accounts import api_keys
from rollcall.accounts.models import Role
from rollcall.audit.models import Event
from rollcall.imports import schedule
from rollcall.imports.models import Connection, Run, RunState
from tests.actors import ADMIN
from tests.web.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedule, "keep", lambda connection: None)


@pytest.fixture
def waiting(world: World) -> Run:
    """An import that waits for its review, beside a schedule."""
    connection = Connection.objects.get(application=world.application)
    connection.schedule = Connection.Schedule.DAILY
    connection.save()
    return Run.objects.create(number=2, connection=connection, state=RunState.REVIEW, review=True)


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def state(waiting: Run) -> tuple[str, str]:
    waiting.refresh_from_db()
    waiting.connection.refresh_from_db()
    return waiting.state, waiting.connection.schedule


def test_the_portal_asks_and_says_what_ends(admin: Client, world: World, waiting: Run) -> None:
    page = text(admin.post(f"/applications/{world.application.pk}/", {"action": "deactivate"}))
    assert "Deactivate Personio?" in page
    assert "Import 2 is cancelled" in page
    assert "Its schedule ends" in page
    world.application.refresh_from_db()
    assert world.application.active
    assert state(waiting) == ("review", "daily")


def test_the_portal_then_ends_imports_and_schedule(
    admin: Client, world: World, waiting: Run
) -> None:
    form = {"action": "deactivate", "confirmed": "yes"}
    admin.post(f"/applications/{world.application.pk}/", form)
    world.application.refresh_from_db()
    assert not world.application.active
    assert state(waiting) == ("cancelled", "")
    actions = set(Event.objects.values_list("action", flat=True))
    assert {"import.cancel", "schedule.change"} <= actions


def test_the_api_ends_them_as_well(client: Client, world: World, waiting: Run) -> None:
    _, key = api_keys.create(ADMIN, "a test", Role.ADMINISTRATOR)
    answer = client.put(
        f"/api/applications/{world.application.pk}",
        {"active": False},
        content_type="application/json",
        headers={"x-api-key": key},
    )
    assert answer.status_code == 200, answer.content
    assert state(waiting) == ("cancelled", "")


def test_an_inactive_application_imports_nothing_at_any_door(
    admin: Client, world: World, client: Client
) -> None:
    world.application.active = False
    world.application.save()
    for page in ("manual-import", "schedule"):
        address = f"/applications/{world.application.pk}/{page}/"
        assert "identity-management" in admin.get(address)["Location"], page
    retried = admin.post(f"/imports/{world.run.number}/retry/")
    assert "identity-management" in retried["Location"]
    connection = Connection.objects.get(application=world.application)
    assert schedule._start.__wrapped__(connection.pk) == ""  # type: ignore[attr-defined]
    refused = Event.objects.filter(action="import.start", success=False).last()
    assert refused is not None
    assert Run.objects.exclude(pk=world.run.pk).count() == 0
    assert timezone.now() >= refused.timestamp
