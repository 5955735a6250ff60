"""A user's account in the portal: activated by e-mail or link, given a password, unlocked."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.core import mail
from django.test import Client

from rollcall.accounts import activation, services
from rollcall.accounts.models import Account, Role
from rollcall.directory.models import User
from rollcall.directory.services import HAND
from rollcall.mail import outbox
from tests.actors import ADMIN, TESTER
from tests.web.conftest import _backend
from tests.web.world import PASSWORD, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def jonas(world: World) -> User:
    """Somebody who is staged and has no account."""
    return User.objects.get(username="jonas.weiss")


def where(user: User) -> str:
    return f"/users/{user.pk}/account/"


def text_of(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined,no-any-return]  # a test's response


def test_the_email_is_sent_to_the_chosen_address(admin: Client, jonas: User) -> None:
    User.objects.filter(pk=jonas.pk).update(alternateEmail="jonas@home.example")
    page = text_of(admin.get(where(jonas)))
    assert page.index("jonas.weiss@example.com") < page.index("jonas@home.example")
    admin.post(where(jonas), {"action": "send", "mailbox": "alternate"})
    outbox.send_due()
    assert [letter.to for letter in mail.outbox] == [["jonas@home.example"]]
    assert User.objects.get(pk=jonas.pk).state == "ACTIVATED"


def test_another_address_may_be_typed(admin: Client, jonas: User) -> None:
    missing = text_of(admin.post(where(jonas), {"action": "send", "mailbox": "other"}))
    assert "Type the address." in missing
    form = {"action": "send", "mailbox": "other", "address": "new@home.example"}
    admin.post(where(jonas), form)
    outbox.send_due()
    assert [letter.to for letter in mail.outbox] == [["new@home.example"]]


def test_the_link_is_shown_once(admin: Client, client: Client, jonas: User) -> None:
    page = text_of(admin.post(where(jonas), {"action": "link"}))
    found = re.search(r"http://testserver(/set-password/[^<]+)", page)
    assert found is not None
    assert Client().get(found[1]).status_code == 200


def test_an_initial_password_is_changed_first(admin: Client, jonas: User) -> None:
    form = {"action": "password", "password": PASSWORD, "repeated": PASSWORD, "must_change": "on"}
    admin.post(where(jonas), form)
    jonas.refresh_from_db()
    assert (jonas.password_expired, jonas.state) == (True, "STAGED")
    assert Account.objects.get(user=jonas).has_usable_password()


def test_a_bad_initial_password_names_the_rule(admin: Client, jonas: User) -> None:
    form = {"action": "password", "password": "short", "repeated": "short"}
    assert "at least 12 characters" in text_of(admin.post(where(jonas), form))
    assert not Account.objects.filter(user=jonas).exists()


def test_unlock_expire_and_reset_factors(admin: Client, world: World) -> None:
    amelie = world.user
    account = activation.give_password(ADMIN, HAND, amelie.pk, PASSWORD, must_change=False)
    TOTP.activate(account, "JBSWY3DPEHPK3PXP")
    User.objects.filter(pk=amelie.pk).update(account_locked=True)
    for action in ("unlock", "expire", "reset-factors"):
        admin.post(where(amelie), {"action": action})
    amelie.refresh_from_db()
    assert (amelie.account_locked, amelie.password_expired) == (False, True)
    assert not Authenticator.objects.filter(user=account).exists()


def test_an_administrators_address_is_explained(admin: Client, jonas: User) -> None:
    services.create(TESTER, jonas.email, {Role.READ_ONLY})
    page = text_of(admin.get(where(jonas)))
    assert "An administrator signs in with this e-mail." in page
    assert 'value="send"' not in page


def test_a_guess_does_not_tell_which_password_somebody_has(admin: Client, jonas: User) -> None:
    activation.give_password(TESTER, HAND, jonas.pk, PASSWORD, must_change=False)
    form = {"action": "password", "password": PASSWORD, "repeated": f"{PASSWORD}."}
    page = text_of(admin.post(where(jonas), form))
    assert "The two passwords differ." in page
    assert "You had this password before" not in page


def test_a_suspended_user_is_given_no_password_here(admin: Client, jonas: User) -> None:
    User.objects.filter(pk=jonas.pk).update(state="SUSPENDED")
    form = {"action": "password", "password": PASSWORD}
    page = text_of(admin.post(where(jonas), form, follow=True))
    assert "suspended" in page
    assert not Account.objects.filter(user=jonas).exists()


def test_it_asks_for_the_password_again(client: Client, world: World, jonas: User) -> None:
    client.force_login(world.people["administrator"], backend=_backend())
    answer = client.post(where(jonas), {"action": "link"})
    assert (answer.status_code, Account.objects.filter(user=jonas).exists()) == (302, False)


def test_many_are_activated_at_once_and_the_others_are_told(admin: Client, world: World) -> None:
    chosen = [str(pk) for pk in User.objects.values_list("pk", flat=True)]
    form = {"action": "send-activation", "chosen": chosen}
    page = text_of(admin.post("/users/", form))
    assert "Send activation e-mails to 3 users?" in page
    assert not Account.objects.exclude(user=None).exists()
    page = text_of(admin.post("/users/", {**form, "confirmed": "yes"}, follow=True))
    assert "2 activation e-mails are on their way." in page
    assert "1 is suspended." in page
    assert outbox.send_due() == 2


def test_nobody_eligible_is_said(admin: Client, world: World) -> None:
    suspended = User.objects.filter(state="SUSPENDED").values_list("pk", flat=True)
    form = {"action": "send-activation", "chosen": list(suspended), "confirmed": "yes"}
    page = text_of(admin.post("/users/", form, follow=True))
    assert "No selected users are eligible for an activation e-mail." in page
