"""One's own security: SSH keys with their fingerprints, keys with their names, sessions."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from rollcall.accounts import activation, services
from rollcall.accounts.factor_rules import TOTP
from rollcall.accounts.models import Account
from rollcall.accounts.user_models import SshKey
from rollcall.directory.models import User
from rollcall.directory.services import HAND
from tests.accounts.test_ssh_keys import KNOWN
from tests.actors import ADMIN, TESTER
from tests.web.signin.passkey import Passkey
from tests.web.world import PASSWORD, World, just_proved

pytestmark = pytest.mark.django_db

WHERE = "/me/security/"
ADD = {"action": "add-key", "name": "Laptop", "public_key": f"{KNOWN[0]} amelie@laptop"}


@pytest.fixture
def amelie(world: World) -> Account:
    """An Active user who has no role."""
    return activation.give_password(ADMIN, HAND, world.user.pk, PASSWORD, must_change=False)


@pytest.fixture
def me(client: Client, amelie: Account) -> Client:
    """Her browser, signed in."""
    client.force_login(amelie)
    just_proved(client, amelie)
    return client


def test_a_key_is_added_shown_by_its_fingerprint_and_removed(me: Client, amelie: Account) -> None:
    assert me.post(WHERE, ADD).status_code == 302
    page = me.get(WHERE).content.decode()
    assert KNOWN[1] in page
    assert KNOWN[0] not in page
    key = SshKey.objects.get(user=amelie.user_id)
    me.post(WHERE, {"action": "remove-key", "key": key.pk})
    assert not SshKey.objects.exists()


def test_a_form_that_is_sent_twice_adds_one_key_and_says_nothing(me: Client) -> None:
    found = re.search(r'name="form" value="([^"]+)"', me.get(WHERE).content.decode())
    assert found is not None
    form = {**ADD, "form": found[1]}
    assert me.post(WHERE, form)["Location"] == me.post(WHERE, form)["Location"] == WHERE
    assert SshKey.objects.count() == 1
    assert "already" not in me.get(WHERE).content.decode()


def test_what_is_no_key_is_refused_and_what_was_typed_stays(me: Client) -> None:
    page = me.post(WHERE, {**ADD, "public_key": "hello"}).content.decode()
    assert "Paste the one line of a .pub file" in page
    assert 'value="Laptop"' in page
    private = "-----BEGIN OPENSSH PRIVATE KEY-----\nabcdef\n"
    page = me.post(WHERE, {**ADD, "public_key": private}).content.decode()
    assert "This is a private key" in page
    assert "abcdef" not in page


def test_a_key_is_added_by_somebody_who_has_just_proved_who_they_are(
    client: Client, amelie: Account
) -> None:
    client.force_login(amelie)
    just_proved(client, amelie, ago=3600)
    assert client.post(WHERE, ADD)["Location"].startswith("/account/confirm/")
    assert not SshKey.objects.exists()


def test_nobody_removes_somebody_elses_key(me: Client, world: World) -> None:
    other = User.objects.get(username="jonas.weiss")
    key = SshKey.objects.create(user=other, name="His", public_key="x", fingerprint="y")
    me.post(WHERE, {"action": "remove-key", "key": key.pk})
    assert SshKey.objects.filter(pk=key.pk).exists()
    assert "His" not in me.get(WHERE).content.decode()


def test_passkeys_and_apps_are_named(me: Client, amelie: Account) -> None:
    Passkey(amelie).add()
    Authenticator.objects.create(user=amelie, type=TOTP, data={})
    page = " ".join(me.get(WHERE).content.decode().split())
    assert 'Passkey </dt> <dd class="text-break-word"> Phone' in page
    assert "Authenticator app" in page


def test_an_administrator_who_is_no_user_has_no_ssh_keys(admin: Client) -> None:
    assert "Add an SSH key" not in admin.get(WHERE).content.decode()
    admin.post(WHERE, ADD)
    assert not SshKey.objects.exists()


def test_keys_go_with_the_user(me: Client, amelie: Account) -> None:
    me.post(WHERE, ADD)
    services.delete(TESTER, amelie)
    User.objects.filter(pk=amelie.user_id).delete()
    assert not SshKey.objects.exists()
