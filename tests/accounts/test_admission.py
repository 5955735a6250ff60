"""Who is admitted at sign-in, and with which factor, is asked of whoever fills the port."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.test import Client

from rollcall.accounts import admission, services
from rollcall.accounts.admission import Decision, Factor, SignIn
from rollcall.accounts.first_start import first_start_link
from rollcall.audit.models import Event
from rollcall.directory.models import User
from tests.actors import ADMIN
from tests.web.world import PASSWORD, World

pytestmark = pytest.mark.django_db
EMAIL = "manager@example.com"
SECRET = "JBSWY3DPEHPK3PXP"


class Fixed:
    """A policy that always decides the same, and remembers whom it was asked about."""

    def __init__(self, decision: Decision) -> None:
        self.decision = decision
        self.asked: list[SignIn] = []

    def decide(self, sign_in: SignIn) -> Decision:
        self.asked.append(sign_in)
        return self.decision


@pytest.fixture(autouse=True)
def _emptied_port() -> Iterator[None]:
    filled_at_start = admission.filled_by()
    admission.fill(admission.DEFAULT)
    yield
    admission.fill(filled_at_start)


def filled(decision: Decision) -> Fixed:
    policy = Fixed(decision)
    admission.fill(policy)
    return policy


def sign_in(client: Client) -> bool:
    """Whether the password, and the second factor where it is asked for, open the portal."""
    answer = client.post("/account/sign-in/", {"login": EMAIL, "password": PASSWORD})
    if answer.headers.get("Location", "").startswith("/account/two-factor/"):
        client.post("/account/two-factor/authenticate/", {"code": code()})
    return client.get("/").status_code == 200


def code() -> str:
    """What the authenticator app with `SECRET` shows now."""
    counter = next(iter(yield_hotp_counters_from_time()))
    return str(format_hotp_value(hotp_value(SECRET, counter)))


def test_an_empty_port_admits_the_owner_of_an_account(client: Client, world: World) -> None:
    assert sign_in(client)
    event = Event.objects.latest("pk")
    assert (event.action, event.success) == ("account.sign_in", True)
    assert event.details["mfa"] is False


def test_a_policy_is_told_who_asks_and_what_they_have_proved(client: Client, world: World) -> None:
    services.link(ADMIN, world.people["manager"], world.user)
    policy = filled(Decision(admitted=True, policy="Everybody"))
    assert sign_in(client)
    [asked] = policy.asked
    assert asked.account_id == world.people["manager"].pk
    assert asked.user_id == User.objects.get(account__email=EMAIL).pk
    assert asked.roles == {"manager"}
    assert asked.proved == {Factor.PASSWORD}
    assert asked.address == "127.0.0.1"
    applied = Event.objects.latest("pk").details["auth_context"]["policies_applied"]
    assert applied == [{"name": "Everybody"}]


def test_whoever_is_refused_stays_outside_and_it_is_an_event(client: Client, world: World) -> None:
    filled(Decision(admitted=False, policy="Office only", reason="address outside the list"))
    assert not sign_in(client)
    event = Event.objects.latest("pk")
    assert (event.action, event.success) == ("account.sign_in_refused", False)
    assert (event.target_name, event.reason) == (EMAIL, "address outside the list")
    page = client.get("/account/sign-in/").content.decode()
    assert "You cannot sign in here now." in page


def test_the_policys_own_words_are_told(client: Client, world: World) -> None:
    filled(Decision(admitted=False, message="Come to the office <b>first</b>."))
    assert not sign_in(client)
    page = client.get("/account/sign-in/").content.decode()
    assert "Come to the office &lt;b&gt;first&lt;/b&gt;." in page


def test_a_factor_that_is_asked_for_must_be_proved(client: Client, world: World) -> None:
    both = Decision(admitted=True, factors=frozenset({Factor.PASSWORD, Factor.SECOND_FACTOR}))
    policy = filled(both)
    assert not sign_in(client)
    TOTP.activate(world.people["manager"], SECRET)
    assert sign_in(client)
    assert [asked.proved for asked in policy.asked] == [
        {Factor.PASSWORD},
        {Factor.PASSWORD, Factor.SECOND_FACTOR},
    ]
    assert Event.objects.latest("pk").details["mfa"] is True


def test_a_policy_that_fails_admits_nobody(client: Client, world: World) -> None:
    class Broken:
        def decide(self, sign_in: SignIn) -> Decision:
            raise ValueError("no list of addresses")

    admission.fill(Broken())
    client.raise_request_exception = False
    assert not sign_in(client)


def test_the_first_administrator_is_asked_about_too(client: Client) -> None:
    policy = filled(Decision(admitted=False))
    link = (first_start_link("http://testserver") or "").removeprefix("http://testserver")
    form = {"email": "first@example.com", "password": PASSWORD, "repeated": PASSWORD}
    client.post(link, form)
    assert len(policy.asked) == 1
    assert client.get("/").status_code == 302
