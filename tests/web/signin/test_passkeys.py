"""Signing in with a passkey alone: it verifies its owner, and counts as two factors."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from rollcall.accounts import activation, factor_services
from rollcall.accounts.factor_rules import WEBAUTHN
from rollcall.accounts.factor_services import FactorRules
from rollcall.accounts.models import Account
from rollcall.accounts.proofs import proof_of
from rollcall.audit.models import Event
from rollcall.directory.models import User
from rollcall.directory.services import HAND
from tests.actors import ADMIN
from tests.web.signin.passkey import PRESENT, Passkey
from tests.web.world import PASSWORD, World

pytestmark = pytest.mark.django_db

WHERE = "/account/two-factor/webauthn/login/"


@pytest.fixture
def passkey(world: World) -> Passkey:
    """Amelie's, who is Active and has no role."""
    account = activation.give_password(ADMIN, HAND, world.user.pk, PASSWORD, must_change=False)
    passkey = Passkey(account)
    passkey.add()
    return passkey


def question(client: Client) -> str:
    """What the sign-in page asks any passkey."""
    asked = client.get(WHERE, headers={"accept": "application/json"}).json()
    options = asked["request_options"]["publicKey"]
    assert options["userVerification"] == "required"
    assert not options.get("allowCredentials")
    return str(options["challenge"])


def answered(client: Client, passkey: Passkey, **more: Any) -> Any:
    return client.post(WHERE, {"credential": passkey.answer(question(client)), **more})


def is_in(client: Client) -> bool:
    return client.get("/me/").status_code == 200


def test_the_sign_in_page_offers_it(client: Client, world: World) -> None:
    assert "Sign in with a passkey" in client.get("/account/sign-in/").content.decode()


def test_a_passkey_opens_the_portal_and_counts_as_two_factors(
    client: Client, passkey: Passkey
) -> None:
    assert answered(client, passkey, next="/me/activity/")["Location"] == "/me/activity/"
    page = client.get("/me/activity/")
    assert page.status_code == 200
    assert proof_of(page.wsgi_request).amr == ("pop", "mfa")
    event = Event.objects.get(action="account.sign_in")
    assert event.details["mfa"] is True


def test_a_key_that_has_not_verified_its_owner_is_no_passkey(
    client: Client, passkey: Passkey, world: World
) -> None:
    # The question comes from the second step of somebody else's sign-in, which asks for less.
    mine = Passkey(world.people["manager"], b"the attacker's own")
    mine.add()
    client.post("/account/sign-in/", {"login": mine.account.email, "password": PASSWORD})
    page = client.get("/account/two-factor/authenticate/")
    challenge = page.context["js_data"]["request_options"]["publicKey"]["challenge"]
    # That sign-in is forgotten after some minutes, and what was asked in it is not.
    session = client.session
    session["account_login"]["initiated_at"] -= 86_400
    session.save()
    client.post(WHERE, {"credential": passkey.answer(challenge, PRESENT)})
    assert not is_in(client)
    assert not Event.objects.filter(action="account.sign_in").exists()


@pytest.mark.parametrize("credential", ["", "{}", "[]", "null", '{"response": {}}', "x" * 100])
def test_what_is_no_answer_is_refused_and_recorded(
    client: Client, passkey: Passkey, credential: str
) -> None:
    question(client)
    assert client.post(WHERE, {"credential": credential}).status_code == 302
    assert not is_in(client)
    assert Event.objects.filter(action="account.sign_in_failed", success=False).count() == 1


def test_an_answer_opens_once(client: Client, passkey: Passkey) -> None:
    credential = passkey.answer(question(client))
    client.post(WHERE, {"credential": credential})
    client.post("/account/sign-out/")
    client.post(WHERE, {"credential": credential})
    assert not is_in(client)


def test_another_key_does_not_open_the_account(client: Client, passkey: Passkey) -> None:
    assert answered(client, Passkey(passkey.account)).status_code == 302
    assert not is_in(client)


@pytest.mark.parametrize("state", ["SUSPENDED", "STAGED"])
def test_whoever_has_no_access_is_not_let_in(client: Client, passkey: Passkey, state: str) -> None:
    User.objects.filter(pk=passkey.account.user_id).update(state=state)
    answered(client, passkey)
    assert not is_in(client)


def test_an_expired_password_is_replaced_first(client: Client, passkey: Passkey) -> None:
    User.objects.filter(pk=passkey.account.user_id).update(password_expired=True)
    assert answered(client, passkey)["Location"] == "/account/password/renew/"
    assert not is_in(client)


def test_the_organization_may_have_none_of_it(client: Client, passkey: Passkey) -> None:
    credential = passkey.answer(question(client))
    rules = FactorRules(frozenset({WEBAUTHN}), False, 7, False, frozenset())
    factor_services.save(ADMIN, rules)
    assert client.post(WHERE, {"credential": credential}).status_code == 403
    assert "Sign in with a passkey" not in client.get("/account/sign-in/").content.decode()
    assert Account.objects.filter(last_login=None).exists()
