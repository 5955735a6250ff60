"""Whoever is signed in and comes from another address is decided about anew."""

from __future__ import annotations

import pytest
from asgiref.sync import async_to_sync
from django.db import connection
from django.test import AsyncClient, Client
from django.test.utils import CaptureQueriesContext

from rollcall.access.policies import services
from rollcall.access.policies.models import IpList
from rollcall.accounts.models import Account
from rollcall.audit.models import Event
from tests.access.policies.conftest import document
from tests.access.policies.test_admitting import sign_in
from tests.actors import ADMIN

pytestmark = pytest.mark.django_db
AWAY = "203.0.113.9"


def opens(client: Client, address: str) -> bool:
    return client.get("/", REMOTE_ADDR=address).status_code == 200


def test_a_session_that_moves_to_where_nobody_may_be_ends(
    client: Client, administrator: Account, office: IpList
) -> None:
    outside = document("Office only", "deny", {"ipAddressNotIn": [office.pk]})
    services.create_policy(ADMIN, outside)
    assert sign_in(client, administrator)
    assert opens(client, "127.0.0.2")
    away = client.get("/users/?search=x", REMOTE_ADDR=AWAY)
    assert away.status_code == 302
    assert away["Location"] == "/account/sign-in/?next=/users/%3Fsearch%3Dx"
    assert not opens(client, "127.0.0.1")
    event = Event.objects.get(action="account.sign_in_refused")
    assert event.reason == "the session came from another address: denied by policy Office only"
    [rule] = event.details["auth_context"]["decision"]["rules"]
    assert rule["conditions"]["parts"][0]["value"] == AWAY


def test_a_session_that_may_go_on_is_decided_about_once(
    client: Client, administrator: Account
) -> None:
    assert sign_in(client, administrator)
    client.get("/")
    with CaptureQueriesContext(connection) as at_home:
        assert opens(client, "127.0.0.1")
    assert opens(client, AWAY)
    with CaptureQueriesContext(connection) as away:
        assert opens(client, AWAY)
    assert len(away) == len(at_home)


def test_a_break_glass_account_may_move(client: Client, administrator: Account) -> None:
    services.set_break_glass(ADMIN, administrator, True)
    services.create_policy(ADMIN, document("Nobody", "deny"))
    assert sign_in(client, administrator)
    assert opens(client, AWAY)


def test_a_server_that_does_not_wait_asks_too(administrator: Account, office: IpList) -> None:
    inside = document("Never from the office", "deny", {"ipAddressIn": [office.pk]})
    services.create_policy(ADMIN, inside, confirmed=True)
    client = Client(REMOTE_ADDR=AWAY)
    assert sign_in(client, administrator)
    browser = AsyncClient()  # it comes from 127.0.0.1
    browser.cookies = client.cookies
    assert async_to_sync(browser.get)("/").status_code == 302
    assert not opens(client, AWAY)
