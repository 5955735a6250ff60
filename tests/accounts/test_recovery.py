"""Forgotten passwords: the second factor, the recovery e-mail, and to what a link is bound."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.core import mail
from django.core.cache import cache
from django.test import Client

from rollcall.accounts import activation, activation_mail, recovery
from rollcall.accounts.activation_mail import Mailbox
from rollcall.accounts.models import Account
from rollcall.audit.models import Event
from rollcall.directory.models import User
from rollcall.directory.services import HAND, UserChange, update_users
from rollcall.mail import outbox
from tests.actors import ADMIN
from tests.web.world import PASSWORD, just_proved

pytestmark = pytest.mark.django_db
EMAIL = "ines.berg@example.com"
OWN = "ines@home.example"
NEW = "seven grey geese at dawn"


@pytest.fixture
def ines() -> User:
    person = User.objects.create(username="ines.berg", email=EMAIL, state="ACTIVATED")
    activation.give_password(ADMIN, HAND, person.pk, PASSWORD, must_change=False)
    return person


@pytest.fixture
def signed_in(ines: User, client: Client) -> Client:
    account = Account.objects.get(user=ines)
    client.force_login(account, backend="rollcall.accounts.backend.AccountBackend")
    just_proved(client, account)
    return client


def links() -> dict[str, str]:
    """The link of the last e-mail that each address has got."""
    outbox.send_due()
    found = {
        letter.to[0]: re.search(r"http://testserver(/\S+)", str(letter.body))
        for letter in mail.outbox
    }
    return {address: match[1] for address, match in found.items() if match}


def forgotten(email: str = EMAIL) -> dict[str, str]:
    Client().post("/account/password/forgotten/", {"email": email})
    return links()


def form_of(link: str) -> tuple[Client, str, str]:
    client = Client()
    page = client.get(link, follow=True)
    where = page.redirect_chain[-1][0] if page.redirect_chain else link
    return client, where, page.content.decode()


def change(ines: User, **values: object) -> None:
    update_users(ADMIN, HAND, [UserChange(ines.pk, values)])


def prove(client: Client, address: str = OWN) -> str:
    cache.clear()
    client.post("/me/recovery/", {"email": address})
    return links()[address]


def test_the_second_factor_is_asked_and_stays(ines: User) -> None:
    account = Account.objects.get(user=ines)
    TOTP.activate(account, "JBSWY3DPEHPK3PXP")
    code = RecoveryCodes.activate(account).get_unused_codes()[0]
    client, where, page = form_of(forgotten()[EMAIL])
    assert 'name="code"' in page
    typed = {"password1": NEW, "password2": NEW}
    for wrong in ({}, {"code": ""}, {"code": "000000"}):
        client.post(where, {**typed, **wrong})
        account.refresh_from_db()
        assert account.check_password(PASSWORD)
    # What is wrong with the password uses no code up.
    client.post(where, {"password1": "short", "password2": "short", "code": code})
    client.post(where, {**typed, "code": code})
    account.refresh_from_db()
    assert account.check_password(NEW)
    assert Authenticator.objects.filter(user=account).count() == 2


def test_whoever_has_no_factor_is_asked_for_none(ines: User) -> None:
    assert 'name="code"' not in form_of(forgotten()[EMAIL])[2]


@pytest.mark.parametrize(
    "corrected", [{"email": "ines.b@example.com"}, {"state": "SUSPENDED"}], ids=str
)
def test_a_link_ends_when_the_address_is_corrected_or_access_is_taken(
    ines: User, corrected: dict[str, str]
) -> None:
    link = forgotten()[EMAIL]
    assert 'name="password1"' in form_of(link)[2]
    change(ines, **corrected)
    assert 'name="password1"' not in form_of(link)[2]


@pytest.mark.parametrize("mailbox", Mailbox)
def test_an_activation_to_a_mistyped_address_ends_when_that_is_corrected(
    mailbox: Mailbox,
) -> None:
    field = {Mailbox.COMPANY: "email", Mailbox.ALTERNATE: "alternateEmail"}[mailbox]
    person = User.objects.create(
        username="jan", email="jan@example.com", alternateEmail="jan@home.example"
    )
    [done] = activation.activate(ADMIN, HAND, [person.pk])
    assert done.account is not None
    letters = activation_mail.letters([done.account], mailbox)
    activation_mail.send(ADMIN, letters, "http://testserver")
    [link] = links().values()
    change(person, firstname="Jan")
    assert Client().get(link).status_code == 200
    change(person, **{field: "corrected@example.com"})
    assert Client().get(link).status_code == 410


def test_a_recovery_email_counts_once_its_owner_has_followed_the_link(
    ines: User, signed_in: Client
) -> None:
    link = prove(signed_in)
    assert EMAIL not in link
    assert OWN not in link
    mail.outbox.clear()
    assert OWN not in forgotten()
    assert signed_in.get(link).status_code == 200
    assert recovery.address_of(Account.objects.get(user=ines)) == ""
    signed_in.post(link)
    ines.refresh_from_db()
    assert ines.recoveryEmail == OWN
    assert Event.objects.filter(event_type="user_recovery_email_verified").count() == 1
    mail.outbox.clear()
    sent = forgotten()
    assert set(sent) == {EMAIL, OWN}
    assert 'name="password1"' in form_of(sent[OWN])[2]


def test_the_link_of_an_address_works_once_for_its_account_and_for_the_last_address(
    ines: User, signed_in: Client
) -> None:
    first = prove(signed_in)
    second = prove(signed_in, "other@home.example")
    signed_in.post(first)
    ines.refresh_from_db()
    assert ines.recoveryEmail == ""
    signed_in.post(second)
    signed_in.post(second)
    ines.refresh_from_db()
    assert ines.recoveryEmail == "other@home.example"
    assert not recovery.is_pending(Account.objects.get(user=ines), second.split("/")[-2])


def test_an_address_that_the_directory_was_given_otherwise_gets_no_link(
    ines: User, signed_in: Client
) -> None:
    signed_in.post(prove(signed_in))
    change(ines, recoveryEmail="stranger@example.org")
    mail.outbox.clear()
    assert set(forgotten()) == {EMAIL}


def test_it_takes_a_fresh_proof_and_is_sent_no_oftener_than_once_a_minute(
    ines: User, signed_in: Client
) -> None:
    cache.clear()
    for address in (OWN, "other@home.example"):
        signed_in.post("/me/recovery/", {"email": address})
    assert set(links()) == {OWN}
    just_proved(signed_in, Account.objects.get(user=ines), ago=3600)
    answer = signed_in.post("/me/recovery/", {"email": OWN})
    assert answer["Location"].startswith("/account/confirm/")


def test_it_is_taken_away(ines: User, signed_in: Client) -> None:
    signed_in.post(prove(signed_in))
    signed_in.post("/me/recovery/", {"action": "remove"})
    ines.refresh_from_db()
    assert ines.recoveryEmail == ""
    assert recovery.address_of(Account.objects.get(user=ines)) == ""
