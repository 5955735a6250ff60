"""Help Desk: unlocks, sends the activation e-mail again, resets factors; and nothing beyond."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client

from rollcall.accounts import activation, services
from rollcall.accounts.factor_rules import TOTP
from rollcall.accounts.models import Account
from rollcall.directory.models import User
from rollcall.directory.services import HAND
from rollcall.mail import outbox
from tests.actors import ADMIN, TESTER
from tests.web.world import PASSWORD, World, just_proved

pytestmark = pytest.mark.django_db


@pytest.fixture
def helper(client: Client, world: World) -> Client:
    """Somebody of the Help Desk, signed in."""
    client.force_login(world.people["help_desk"])
    just_proved(client, world.people["help_desk"])
    return client


def where(user: User) -> str:
    return f"/users/{user.pk}/account/"


def test_help_desk_lets_users_in_again(helper: Client, world: World) -> None:
    account = activation.give_password(ADMIN, HAND, world.user.pk, PASSWORD, must_change=False)
    Authenticator.objects.create(user=account, type=TOTP, data={})
    User.objects.filter(pk=world.user.pk).update(account_locked=True)
    assert "Reset second factors" in helper.get(where(world.user)).content.decode()
    helper.post(where(world.user), {"action": "unlock"})
    helper.post(where(world.user), {"action": "reset-factors"})
    assert not User.objects.get(pk=world.user.pk).account_locked
    assert not Authenticator.objects.exists()


def test_help_desk_sends_the_activation_email_to_addresses_of_the_directory(
    helper: Client, world: World
) -> None:
    page = helper.get(where(world.user)).content.decode()
    assert "Another address" not in page
    assert "Make a link" not in page
    helper.post(where(world.user), {"action": "send", "mailbox": "company"})
    form = {"action": "send", "mailbox": "other", "address": "mine@example.org"}
    assert helper.post(where(world.user), form).status_code == 200
    outbox.send_due()
    assert [letter.to for letter in mail.outbox] == [[world.user.email]]


@pytest.mark.parametrize("action", ["link", "password", "expire", "require-factor"])
def test_help_desk_gets_into_nobodys_account(helper: Client, world: World, action: str) -> None:
    form = {"action": action, "password": PASSWORD, "repeated": PASSWORD}
    assert helper.post(where(world.user), form).status_code == 403
    assert not Account.objects.filter(user=world.user).exists()


def test_help_desk_makes_nobody_active(helper: Client, world: World) -> None:
    staged = User.objects.get(username="jonas.weiss")
    form = {"action": "send", "mailbox": "company"}
    assert helper.post(where(staged), form).status_code == 403
    assert User.objects.get(pk=staged.pk).state == "STAGED"


def test_help_desk_does_not_touch_administrators(helper: Client, world: World) -> None:
    boss = world.people["administrator"]
    services.link(TESTER, boss, world.user)
    Authenticator.objects.create(user=boss, type=TOTP, data={})
    assert "Reset second factors" not in helper.get(where(world.user)).content.decode()
    for action in ("reset-factors", "new-period", "unlock"):
        helper.post(where(world.user), {"action": action})
    assert Authenticator.objects.filter(user=boss).exists()


def test_the_way_to_the_account_is_on_the_users_page(helper: Client, world: World) -> None:
    page = helper.get(f"/users/{world.user.pk}/").content.decode()
    assert where(world.user) in page
    assert 'value="delete"' not in page
