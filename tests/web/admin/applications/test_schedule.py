"""Scheduled imports: an administrator says when, and hears of what nobody watches."""

from __future__ import annotations

import pytest
from django.test import Client

from rollcall.audit.models import Event
from rollcall.imports.models import Connection
from tests.web.world import World

pytestmark = pytest.mark.django_db


def address(world: World) -> str:
    return f"/applications/{world.application.pk}/schedule/"


def connection(world: World) -> Connection:
    return Connection.objects.get(application=world.application)


def signed_in(client: Client, world: World) -> Client:
    client.force_login(world.people["administrator"])
    return client


def test_the_schedule_is_stored_with_who_hears_of_it(client: Client, world: World) -> None:
    answer = signed_in(client, world).post(
        address(world), {"schedule": "daily", "schedule_at": "05:30", "schedule_review": "on"}
    )
    assert answer.status_code == 302
    stored = connection(world)
    assert (stored.schedule, f"{stored.schedule_at:%H:%M}") == ("daily", "05:30")
    assert stored.schedule_review
    assert stored.schedule_notify == world.people["administrator"].email
    entry = Event.objects.get(action="schedule.change")
    assert (entry.before["schedule"], entry.after["schedule"]) == ("", "daily")


def test_a_time_that_is_none_is_said_so_and_what_was_typed_stays(
    client: Client, world: World
) -> None:
    answer = signed_in(client, world).post(
        address(world), {"schedule": "daily", "schedule_at": "25:99"}
    )
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "25:99" in page
    assert connection(world).schedule == ""


def test_without_kept_credentials_the_page_says_that_nothing_can_start(
    client: Client, world: World
) -> None:
    page = signed_in(client, world).get(address(world)).content.decode()
    assert "no scheduled import can start" in page
