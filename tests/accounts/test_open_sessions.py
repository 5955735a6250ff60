"""However many sessions somebody has open, taking access away costs the same, and ends them all."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from rollcall.accounts import activation, password_policies
from rollcall.accounts.models import Account, PasswordPolicy
from rollcall.accounts.session_store import SessionStore
from rollcall.directory.models import User
from rollcall.directory.services import HAND, set_state
from rollcall.provisioning.user import State
from tests.actors import ADMIN
from tests.web.world import PASSWORD

pytestmark = pytest.mark.django_db


def user() -> User:
    person = User.objects.create(username="ines", email="ines@example.com", state="ACTIVATED")
    activation.give_password(ADMIN, HAND, person.pk, PASSWORD, must_change=False)
    return person


def sign_in() -> Client:
    client = Client()
    client.post("/account/sign-in/", {"login": "ines", "password": PASSWORD})
    return client


def copies(client: Client, times: int) -> list[str]:
    """So many further sessions like the client's; their keys."""
    account = Account.objects.get()
    mine = Session.objects.get(pk=client.session.session_key)
    keys = [f"{number:032d}" for number in range(times)]
    Session.objects.bulk_create(
        Session(session_key=key, session_data=mine.session_data, expire_date=mine.expire_date)
        for key in keys
    )
    UserSession.objects.bulk_create(
        UserSession(user=account, session_key=key, ip="192.0.2.1", user_agent="x", data={})
        for key in keys
    )
    return keys


def suspended(person: User) -> int:
    """How many statements it costs to suspend the user."""
    with CaptureQueriesContext(connection) as queries:
        set_state(ADMIN, HAND, User.objects.filter(pk=person.pk), State.SUSPENDED)
    return len(queries)


def test_a_suspension_costs_the_same_with_a_thousand_sessions_and_ends_each() -> None:
    person = user()
    sign_in()
    few = suspended(person)
    set_state(ADMIN, HAND, User.objects.all(), State.ACTIVATED)
    client = sign_in()
    keys = copies(client, 1000)
    assert client.get("/me/").status_code == 200
    assert suspended(person) == few
    for key in (client.session.session_key, keys[0], keys[-1]):
        other = Client()
        other.cookies[settings.SESSION_COOKIE_NAME] = str(key)
        assert other.get("/me/").status_code == 302


def test_signing_in_costs_the_same_however_many_sessions_are_open() -> None:
    user()
    client = sign_in()
    with CaptureQueriesContext(connection) as few:
        sign_in()
    keys = copies(client, 200)
    Session.objects.filter(pk__in=keys[:50]).delete()
    with CaptureQueriesContext(connection) as many:
        sign_in()
    assert len(many) == len(few)
    # What had ended is not listed any more; the others are, and the three that signed in.
    assert UserSession.objects.count() == 150 + 3


def test_a_session_lasts_as_long_as_the_settings_say_and_no_click_makes_it_longer() -> None:
    user()
    password_policies.save(ADMIN, PasswordPolicy(), {"session_hours": 2}, ())
    client = sign_in()
    assert client.get("/me/").status_code == 200
    session = SessionStore(client.session.session_key)
    assert session.get_expire_at_browser_close()
    assert 7100 < session.get_expiry_age() <= 7200
    kept = Session.objects.get(pk=session.session_key)
    assert kept.expire_date - timezone.now() <= timedelta(hours=2)
    session["rollcall_ends"] -= 7300
    session.save()
    assert client.get("/me/").status_code == 302
