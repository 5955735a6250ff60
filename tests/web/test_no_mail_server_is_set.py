"""Where no mail server is set no page promises an e-mail, and each says what to do instead."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from rollcall.imports.models import Connection, Run, RunState
from rollcall.mail.server import TO_FILES
from tests.web.world import World

SAID = "No mail server is set"


@pytest.fixture
def without(settings: Any, tmp_path: Any) -> None:
    settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH = TO_FILES, str(tmp_path)


def shown(client: Client, address: str) -> str:
    return " ".join(client.get(address).content.decode().split())


def scheduled(world: World) -> str:
    connection = Connection.objects.filter(application=world.application).first()
    assert connection is not None
    return f"/applications/{world.application.pk}/schedule/"


def addresses(world: World) -> list[str]:
    return ["/settings/notifications/", "/settings/administrators/", scheduled(world)]


def test_pages_that_speak_of_emails_say_that_none_is_sent(
    admin: Client, world: World, without: None
) -> None:
    for address in addresses(world):
        assert SAID in shown(admin, address), address


def test_they_say_nothing_of_it_where_one_is_set(admin: Client, world: World) -> None:
    for address in addresses(world):
        assert SAID not in shown(admin, address), address


def test_whoever_invites_somebody_is_told_to_hand_a_link_over(admin: Client, without: None) -> None:
    form = {"email": "new@example.com", "role": "read_only"}
    done = admin.post("/settings/administrators/", form)
    (message,) = get_messages(done.wsgi_request)
    assert "hand it over" in str(message)
    assert "on its way" not in str(message)


def test_a_forgotten_password_sends_one_to_an_administrator(
    world: World, client: Client, without: None
) -> None:
    for address in ("/account/password/forgotten/", "/account/password/forgotten/sent/"):
        page = shown(client, address)
        assert "cannot send you a link. Ask an administrator for one" in page
        assert "Send the link" not in page
        assert "is on its way" not in page


def test_an_import_promises_no_email(admin: Client, world: World, without: None) -> None:
    run = world.run
    Run.objects.filter(pk=run.pk).update(live_threshold=1)
    for state in (RunState.REVIEW, RunState.APPLYING):
        Run.objects.filter(pk=run.pk).update(
            state=state, fetched=20, notify_email="boss@example.com", review=True
        )
        assert "boss@example.com" not in shown(admin, f"/imports/{run.number}/"), state


def test_a_finished_import_does_not_claim_to_have_sent_one(
    admin: Client, world: World, without: None
) -> None:
    Run.objects.filter(pk=world.run.pk).update(
        state=RunState.COMPLETED, notify_email="boss@example.com", notified_at="2026-11-27T08:00Z"
    )
    page = shown(admin, f"/imports/{world.run.number}/")
    assert "not sent: no mail server is set" in page
    assert "sent to boss@example.com" not in page
