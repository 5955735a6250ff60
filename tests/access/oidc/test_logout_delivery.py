"""Logout tokens: what stands in them, and that they are sent until they are taken or given up."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs

import pytest
from django.test import Client as Browser
from django.utils import timezone
from jwcrypto.jwk import JWKSet
from jwcrypto.jws import JWS
from pytest_django.fixtures import Settings

from rollcall.access.oidc import logout_delivery, retention
from rollcall.access.oidc.logout_delivery import MOST_ATTEMPTS, UNREACHABLE, deliver, deliver_by
from rollcall.access.oidc.models import AccessToken, Client, SignOn
from rollcall.accounts.models import Account
from rollcall.audit.models import Event
from rollcall.directory.models import User, UserGroup
from tests.access.oidc.relying_party import ISSUER, RelyingParty, answered, person
from tests.access.oidc.test_rp_initiated_logout_plan import sign_out

pytestmark = pytest.mark.django_db
TOLD_AT = "http://127.0.0.1:9/out"


@pytest.fixture(autouse=True)
def _base(settings: Settings) -> None:
    settings.BASE_URL = ISSUER


@pytest.fixture
def wiki(group: UserGroup) -> RelyingParty:
    """An application that wants to be told."""
    return RelyingParty.bound_to(group, backchannel_logout_uri=TOLD_AT)


@pytest.fixture
def out(signed_in: RelyingParty) -> dict[str, Any]:
    """Lena has signed out after signing on; the claims of her ID token."""
    claims = signed_in.verified(signed_in.tokens()["id_token"])
    signed_in.browser.post("/account/sign-out/")
    return claims


def opened(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Head and claims of a token that our keys have signed."""
    keys = JWKSet.from_json(Browser().get("/oauth2/jwks").content.decode())
    seen = JWS()
    seen.allowed_algs = ["RS256", "ES256"]
    seen.deserialize(token, keys)
    return seen.jose_header, json.loads(seen.payload)


class Listener:
    """What an application would be sent."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        self.tokens: list[str] = []

    def __call__(self, address: str, token: str) -> str:
        assert address == TOLD_AT
        self.tokens.append(token)
        return self.answers.pop(0) if self.answers else ""


def later() -> None:
    """What waits is due now."""
    SignOn.objects.filter(logout_due__isnull=False).update(
        logout_due=timezone.now() - timedelta(seconds=1)
    )


def test_a_logout_token_says_whose_session_has_ended_and_nothing_else(
    out: dict[str, Any], signed_in: RelyingParty
) -> None:
    listener = Listener()
    assert deliver_by(listener) == 1
    head, claims = opened(listener.tokens[0])
    assert head["typ"] == "logout+jwt"
    assert claims.pop("jti")
    assert claims.pop("exp") - claims.pop("iat") == 120
    assert claims == {
        "iss": ISSUER,
        "aud": signed_in.client.client_id,
        "sub": out["sub"],
        "sid": out["sid"],
        "events": {"http://schemas.openid.net/event/backchannel-logout": {}},
    }


def test_several_sign_ons_of_one_session_are_told_of_once(signed_in: RelyingParty) -> None:
    for _ in range(3):
        signed_in.tokens()
    signed_in.browser.post("/account/sign-out/")
    listener = Listener()
    assert deliver_by(listener) == 1
    later()
    assert deliver_by(listener) == 0


def test_of_a_deleted_user_the_session_is_told(out: dict[str, Any], lena: Account) -> None:
    User.objects.filter(pk=lena.user_id).delete()
    listener = Listener()
    deliver_by(listener)
    _, claims = opened(listener.tokens[0])
    assert (claims["sid"], "sub" in claims) == (out["sid"], False)


def test_a_logout_token_is_no_hint(out: dict[str, Any], signed_in: RelyingParty) -> None:
    listener = Listener()
    deliver_by(listener)
    answer = signed_in.browser.get("/oauth2/logout", {"id_token_hint": listener.tokens[0]})
    assert answer.status_code == 400


def test_what_was_not_taken_is_tried_again_with_growing_pauses(out: dict[str, Any]) -> None:
    listener = Listener("it answered 503", "it answered 503")
    assert deliver_by(listener) == 0
    first = SignOn.objects.get().logout_due
    assert deliver_by(listener) == 0
    assert len(listener.tokens) == 1
    later()
    deliver_by(listener)
    second = SignOn.objects.get().logout_due
    assert first is not None
    assert second is not None
    assert second > first
    later()
    assert deliver_by(listener) == 1
    assert len(listener.tokens) == 3


def test_after_many_attempts_it_is_given_up_and_noted(out: dict[str, Any]) -> None:
    SignOn.objects.update(logout_attempts=MOST_ATTEMPTS - 1)
    deliver_by(Listener("it answered 400"))
    event = Event.objects.get(action="sso.logout.failed")
    assert (event.reason, event.success) == ("it answered 400", False)
    later()
    assert deliver_by(Listener()) == 0


def test_who_does_not_answer_holds_up_nobody(
    out: dict[str, Any], signed_in: RelyingParty, group: UserGroup
) -> None:
    for name in ("noah", "mia"):
        party = RelyingParty(signed_in.client, signed_in.secret).signed_in(person(name, group))
        party.tokens()
        party.browser.post("/account/sign-out/")
    listener = Listener(*[UNREACHABLE] * 3)
    assert deliver_by(listener) == 0
    assert len(listener.tokens) == 1
    assert not SignOn.objects.filter(logout_due__lte=timezone.now()).exists()
    later()
    listener.answers = []
    assert deliver_by(listener) == 3


def test_of_two_processes_one_sends(out: dict[str, Any]) -> None:
    listener = Listener()

    def slowly(address: str, token: str) -> str:
        assert deliver_by(listener) == 0
        return ""

    assert deliver_by(slowly) == 1
    assert listener.tokens == []


def test_an_address_that_was_taken_off_the_list_is_not_called(
    out: dict[str, Any],
) -> None:
    Client.objects.update(backchannel_logout_uri="https://intranet.example.com/out")
    SignOn.objects.update(logout_attempts=MOST_ATTEMPTS - 1)
    listener = Listener()
    deliver_by(listener)
    assert listener.tokens == []
    assert Event.objects.get(action="sso.logout.failed").reason == logout_delivery.NOT_ALLOWED


def test_a_sign_on_is_kept_for_as_long_as_somebody_wants_to_be_told(
    signed_in: RelyingParty,
) -> None:
    signed_in.tokens()
    AccessToken.objects.all().delete()
    SignOn.objects.update(created=timezone.now() - timedelta(days=2))
    while retention.forget():
        pass
    assert SignOn.objects.exists()
    SignOn.objects.update(created=timezone.now() - timedelta(days=31))
    while retention.forget():
        pass
    assert not SignOn.objects.exists()


@pytest.fixture
def endpoint() -> Iterator[tuple[str, list[bytes]]]:
    """An application's own endpoint: its address, and the bodies that came."""
    bodies: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/out", bodies
    finally:
        server.shutdown()
        server.server_close()


def test_oidcc_backchannel_logout_discovery_endpoint_verification() -> None:
    """Of the OpenID Foundation's plan of back-channel logout, the first module."""
    document = Browser().get("/.well-known/openid-configuration").json()
    assert document["backchannel_logout_supported"] is True
    assert document["backchannel_logout_session_supported"] is True


def test_oidcc_backchannel_rp_initiated_logout(
    signed_in: RelyingParty, endpoint: tuple[str, list[bytes]]
) -> None:
    """The second: the application that begins it is called, over the wire, and sent back to."""
    address, bodies = endpoint
    Client.objects.update(backchannel_logout_uri=address)
    claims = signed_in.verified(signed_in.tokens()["id_token"])
    assert sign_out(signed_in).status_code == 302
    assert answered(signed_in.authorize(prompt="none"))["error"] == "login_required"
    assert deliver() == 1
    [token] = parse_qs(bodies[0].decode())["logout_token"]
    assert opened(token)[1]["sid"] == claims["sid"]


def test_nobody_listening_is_no_error(out: dict[str, Any]) -> None:
    assert deliver() == 0
    assert SignOn.objects.get().logout_attempts == 1
