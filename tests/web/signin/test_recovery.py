"""Ways back in: recovery codes and the links of e-mails open once each."""

from __future__ import annotations

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.core import mail
from django.test import Client

from rollcall.mail import outbox
from tests.web.world import PASSWORD, World

pytestmark = pytest.mark.django_db
EMAIL = "administrator@example.com"


def signed_in_with(client: Client, code: str) -> bool:
    """Whether password and code open the portal."""
    client.post("/account/sign-in/", {"login": EMAIL, "password": PASSWORD})
    client.post("/account/two-factor/authenticate/", {"code": code})
    opened = client.get("/").status_code == 200
    client.post("/account/sign-out/")
    return opened


def test_a_recovery_code_opens_once(client: Client, world: World) -> None:
    person = world.people["administrator"]
    TOTP.activate(person, "JBSWY3DPEHPK3PXP")
    codes = RecoveryCodes.activate(person).get_unused_codes()
    assert not signed_in_with(client, "00000000")
    assert signed_in_with(client, codes[0])
    assert not signed_in_with(client, codes[0])
    assert signed_in_with(client, codes[1])


def test_recovery_codes_are_not_stored_as_they_are(client: Client, world: World) -> None:
    person = world.people["administrator"]
    TOTP.activate(person, "JBSWY3DPEHPK3PXP")
    codes = RecoveryCodes.activate(person).get_unused_codes()
    stored = str(Authenticator.objects.values_list("data", flat=True))
    assert not [one for one in codes if one in stored]


def test_the_link_for_a_forgotten_password_works_once(client: Client, world: World) -> None:
    client.post("/account/password/forgotten/", {"email": EMAIL})
    outbox.send_due()
    link = re.search(r"http://testserver(/account/password/new/\S+)", str(mail.outbox[0].body))
    assert link is not None
    new = "seven grey geese at dawn"
    form = client.get(link[1], follow=True).redirect_chain[-1][0]
    client.post(form, {"password1": new, "password2": new})
    again = Client().get(link[1], follow=True).content.decode()
    assert 'name="password1"' not in again


@pytest.mark.parametrize("way", ["totp/activate", "webauthn/add"])
def test_a_stranger_who_asks_for_a_new_password_keeps_nobody_from_a_second_factor(
    client: Client, world: World, way: str
) -> None:
    Client().post("/account/password/forgotten/", {"email": EMAIL})
    client.post("/account/sign-in/", {"login": EMAIL, "password": PASSWORD})
    # what an earlier version has left behind does not do so either
    EmailAddress.objects.create(user=world.people["administrator"], email=EMAIL, verified=False)
    client.post("/account/confirm/", {"password": PASSWORD})
    answer = client.get(f"/account/two-factor/{way}/")
    assert answer.status_code == 200


def test_asking_for_a_new_password_writes_nothing_about_the_account(world: World) -> None:
    for address in (EMAIL, "nobody@example.com"):
        Client().post("/account/password/forgotten/", {"email": address})
    assert not EmailAddress.objects.exists()


def test_the_link_for_a_forgotten_password_ends_with_the_next_sign_in(
    client: Client, world: World
) -> None:
    client.post("/account/password/forgotten/", {"email": EMAIL})
    outbox.send_due()
    link = re.search(r"http://testserver(/account/password/new/\S+)", str(mail.outbox[0].body))
    assert link is not None
    Client().post("/account/sign-in/", {"login": EMAIL, "password": PASSWORD})
    page = Client().get(link[1], follow=True).content.decode()
    assert 'name="password1"' not in page


def test_the_owner_is_told_of_a_changed_password(client: Client, world: World) -> None:
    client.post("/account/sign-in/", {"login": EMAIL, "password": PASSWORD})
    new = "seven grey geese at dawn"
    form = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    client.post("/account/password/change/", form)
    outbox.send_due()
    (letter,) = mail.outbox
    assert letter.to == [EMAIL]
    assert new not in str(letter.body)


def test_a_new_password_ends_the_sessions_of_before(client: Client, world: World) -> None:
    client.post("/account/sign-in/", {"login": EMAIL, "password": PASSWORD})
    elsewhere = Client()
    elsewhere.post("/account/sign-in/", {"login": EMAIL, "password": PASSWORD})
    new = "seven grey geese at dawn"
    form = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    client.post("/account/password/change/", form)
    assert client.get("/").status_code == 200
    assert elsewhere.get("/").status_code == 302
