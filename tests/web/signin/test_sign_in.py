"""Sign-in: password, lock-out, forgotten password by e-mail, a second factor, no sign-up."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core import mail
from django.test import Client

from rollcall.accounts import services
from rollcall.accounts.models import Account, Role
from rollcall.mail import outbox
from tests.actors import TESTER
from tests.web.world import PASSWORD, World

pytestmark = pytest.mark.django_db
SIGN_IN = "/account/sign-in/"


def _try(client: Client, password: str, email: str = "administrator@example.com") -> int:
    return client.post(SIGN_IN, {"login": email, "password": password}).status_code


def test_the_right_password_opens_the_portal(client: Client, world: World) -> None:
    answer = client.post(
        f"{SIGN_IN}?next=/profile/", {"login": "Administrator@Example.com", "password": PASSWORD}
    )
    assert answer.status_code == 302
    assert client.get("/profile/").status_code == 200


@pytest.mark.parametrize("typed", ["zoë@example.com", " ZOË@Example.com ", "zoe\u0308@example.com"])
def test_an_email_in_any_script_signs_in_however_it_is_typed(client: Client, typed: str) -> None:
    services.create(TESTER, "zoë@example.com", {Role.READ_ONLY}, password=PASSWORD)
    assert _try(client, PASSWORD, typed) == 302


@pytest.mark.parametrize("length", [254, 256, 320, 5000])
def test_a_very_long_email_is_answered_as_any_other(
    client: Client, world: World, length: int
) -> None:
    assert _try(client, "wrong", "@example.com".rjust(length, "a")) == 200


def test_a_wrong_password_says_so_and_keeps_the_email(client: Client, world: World) -> None:
    answer = client.post(SIGN_IN, {"login": "administrator@example.com", "password": "wrong"})
    assert answer.status_code == 200
    assert 'value="administrator@example.com"' in answer.content.decode()
    assert "alert-danger" in answer.content.decode()


@pytest.mark.parametrize("login", ["ada@example.com", "ada"])
def test_a_refusal_speaks_of_the_field_as_it_is_called(
    client: Client, world: World, login: str
) -> None:
    answer = client.post(SIGN_IN, {"login": login, "password": "wrong"})
    assert "The e-mail or username, or the password, is not right." in answer.content.decode()


def test_five_wrong_passwords_lock_out_and_a_reset_lets_in_again(
    client: Client, world: World
) -> None:
    for _ in range(4):
        assert _try(client, "wrong") == 200
    assert _try(client, "wrong") == 429
    assert _try(client, PASSWORD) == 429
    assert _try(client, PASSWORD, "manager@example.com") == 302
    client.logout()
    services.reset(TESTER, world.people["administrator"], "another quiet river")
    assert _try(client, "another quiet river") == 302


def test_a_deactivated_administrator_stays_outside(client: Client, world: World) -> None:
    client.post(SIGN_IN, {"login": "manager@example.com", "password": PASSWORD})
    assert client.get("/").status_code == 200
    Account.objects.filter(email="manager@example.com").update(is_active=False)
    assert client.get("/").status_code == 302


def test_nobody_signs_up(client: Client, world: World) -> None:
    form = {"email": "new@example.com", "password1": PASSWORD, "password2": PASSWORD}
    client.post("/account/sign-up/", form)
    assert not Account.objects.filter(email="new@example.com").exists()


def test_a_forgotten_password_is_set_through_an_email(client: Client, world: World) -> None:
    answer = client.post("/account/password/forgotten/", {"email": "manager@example.com"})
    assert answer["Location"] == "/account/password/forgotten/sent/"
    outbox.send_due()
    (letter,) = mail.outbox
    assert letter.to == ["manager@example.com"]
    link = re.search(r"http://testserver(/account/password/new/\S+)", str(letter.body))
    assert link is not None
    form_page = client.get(link[1], follow=True)
    new = "seven grey geese at dawn"
    client.post(form_page.redirect_chain[-1][0], {"password1": new, "password2": new}, follow=True)
    client.logout()
    assert _try(client, new, "manager@example.com") == 302


def test_a_stranger_gets_the_same_answer_and_no_email(client: Client, world: World) -> None:
    answer = client.post("/account/password/forgotten/", {"email": "stranger@example.com"})
    assert answer["Location"] == "/account/password/forgotten/sent/"
    outbox.send_due()
    assert mail.outbox == []


def test_a_second_factor_is_asked_for_and_its_secret_is_stored_encrypted(
    client: Client, world: World
) -> None:
    person, secret = world.people["administrator"], "JBSWY3DPEHPK3PXP"
    TOTP.activate(person, secret)
    stored = Authenticator.objects.get(user=person).data["secret"]
    assert secret not in stored
    assert get_adapter().decrypt(stored) == secret
    assert _try(client, PASSWORD) == 302
    assert client.get("/").status_code == 302
    code = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    assert client.post("/account/two-factor/authenticate/", {"code": code}).status_code == 302
    assert client.get("/").status_code == 200


def test_the_qr_code_is_an_image_of_the_page_itself(client: Client, world: World) -> None:
    client.post(SIGN_IN, {"login": "administrator@example.com", "password": PASSWORD})
    where = "/account/two-factor/totp/activate/"
    assert client.get(where)["Location"].startswith("/account/confirm/")
    page = client.post(f"/account/confirm/?next={where}", {"password": PASSWORD}, follow=True)
    assert 'src="data:image/svg+xml' in page.content.decode()


def test_signing_out_ends_the_session(admin: Client) -> None:
    admin.post("/account/sign-out/")
    assert admin.get("/").status_code == 302
