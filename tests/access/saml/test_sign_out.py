"""Sign-out: begun by the application, by the person here, or by what happens to them."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client as Browser
from django.utils import timezone
from lxml import etree

from rollcall.access.saml import sign_ons, telling
from rollcall.access.saml.messages import bindings, parsing
from rollcall.access.saml.messages.names import SOAP, SUCCESS, samlp
from rollcall.access.saml.messages.signatures import verified
from rollcall.access.saml.models import SignOn
from rollcall.accounts import services as accounts
from rollcall.accounts.models import Account
from rollcall.audit.models import Event
from rollcall.core.outgoing import addresses as outgoing
from rollcall.core.outgoing.client import Client
from rollcall.directory.models import Membership, User
from tests.access.saml.service_provider import (
    SLO,
    ServiceProvider,
    logout_request,
    sp_certificate,
)
from tests.actors import TESTER

pytestmark = pytest.mark.django_db
SOAP_SLO = "https://app.example.com/saml/soap"


@pytest.fixture(autouse=True)
def _allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The operator lets Rollcall call the application."""
    listed = list(outgoing.entries("https://app.example.com"))
    monkeypatch.setattr(outgoing, "_operators", listed)


@pytest.fixture
def strict(signed_in: ServiceProvider) -> ServiceProvider:
    """The application signs what it sends, and has signed Lena on."""
    signed_in.set(sp_certificate=sp_certificate(signed_in.key), slo_soap_url=SOAP_SLO)
    signed_in.answered(signed_in.send())
    return signed_in


def leave(wiki: ServiceProvider, *, sign: bool, index: str = "", name: str = "") -> object:
    """The browser is sent here by the application, to sign out."""
    sign_on = SignOn.objects.latest("pk")
    request = logout_request(name or sign_on.name_id, index or sign_on.index)
    query = wiki.query(request, "state", sign=sign)
    return wiki.browser.get(f"{wiki.address}/logout?{query}")


def is_in(wiki: ServiceProvider) -> bool:
    return wiki.browser.get("/me/").status_code == 200


def test_whoever_signs_out_there_is_signed_out_here_and_sent_back(
    strict: ServiceProvider,
) -> None:
    answer = leave(strict, sign=True)
    address = answer["Location"]  # type: ignore[index]
    assert address.startswith(f"{SLO}?SAMLResponse=")
    query = dict(parse_qsl(urlsplit(address).query))
    key = strict.certificate.public_key()
    assert isinstance(key, rsa.RSAPublicKey)
    assert bindings.is_signed_by(urlsplit(address).query, "SAMLResponse", key)
    root = parsing.message(bindings.unpacked(query["SAMLResponse"]))
    assert root.tag == samlp("LogoutResponse")
    assert query["RelayState"] == "state"
    assert not is_in(strict)
    sign_on = SignOn.objects.get()
    assert (sign_on.ended is None, sign_on.told is None) == (False, False)
    assert Event.objects.filter(action="sso.sign_out").count() == 1


def test_a_request_that_nobody_has_signed_ends_nothing_here(strict: ServiceProvider) -> None:
    assert leave(strict, sign=False).status_code == 302  # type: ignore[attr-defined]
    assert is_in(strict)


def test_a_stranger_ends_nobodys_sign_on(
    strict: ServiceProvider, keys: list[rsa.RSAPrivateKey]
) -> None:
    strict.key = keys[0]
    assert leave(strict, sign=True).status_code == 400  # type: ignore[attr-defined]
    stranger = ServiceProvider(strict.connection, strict.key, Browser())
    leave(stranger, sign=False)
    assert SignOn.objects.get().ended is None
    assert is_in(strict)


def test_only_what_the_application_names_ends(strict: ServiceProvider) -> None:
    leave(strict, sign=True, index="_another")
    leave(strict, sign=True, name="boss@example.com")
    assert SignOn.objects.get().ended is None
    assert is_in(strict)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[httpx.Request]:
    """What the application is told; it answers that all is well."""
    requests: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return httpx.Response(200, stream=httpx.ByteStream(envelope(SUCCESS)))

    _answered_by(monkeypatch, answer)
    return requests


def _answered_by(
    monkeypatch: pytest.MonkeyPatch, answer: Callable[[httpx.Request], httpx.Response]
) -> None:
    def client(*given: object, **parts: object) -> Client:
        return Client(*given, **parts, transport=httpx.MockTransport(answer))  # type: ignore[arg-type]

    monkeypatch.setattr(telling, "Client", client)


def envelope(status: str) -> bytes:
    return (
        f'<s:Envelope xmlns:s="{SOAP}"><s:Body>'
        '<p:LogoutResponse xmlns:p="urn:oasis:names:tc:SAML:2.0:protocol">'
        f'<p:Status><p:StatusCode Value="{status}"/></p:Status></p:LogoutResponse>'
        "</s:Body></s:Envelope>"
    ).encode()


@pytest.mark.parametrize("happens", ["suspended", "locked", "unbound", "signed out", "password"])
def test_whoever_may_no_longer_be_there_is_signed_out_there_at_once(
    strict: ServiceProvider, lena: Account, told: list[httpx.Request], happens: str
) -> None:
    assert telling.tell() == 0
    match happens:
        case "suspended":
            User.objects.filter(pk=lena.user_id).update(state="SUSPENDED")
        case "locked":
            User.objects.filter(pk=lena.user_id).update(account_locked=True)
        case "unbound":
            Membership.objects.all().delete()
        case "signed out":
            strict.browser.post("/account/sign-out/")
        case "password":
            accounts.set_password(TESTER, lena, "another quiet river in june")
    assert telling.tell() == 1
    assert telling.tell() == 0
    [request] = told
    assert str(request.url) == SOAP_SLO
    body = etree.fromstring(request.content)[0][0]
    seen = verified(parsing.message(etree.tostring(body)), strict.certificate)
    assert seen.findtext("{*}NameID") == lena.email
    assert seen.findtext("{*}SessionIndex") == SignOn.objects.get().index
    event = Event.objects.get(action="sso.sign_out")
    assert (event.success, event.event_type, event.service) == (True, "sso_logout", "sso")


def test_an_application_that_is_away_is_told_later_and_not_for_ever(
    strict: ServiceProvider, lena: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    _answered_by(monkeypatch, lambda request: httpx.Response(503, stream=httpx.ByteStream(b"")))
    User.objects.filter(pk=lena.user_id).update(state="SUSPENDED")
    assert telling.tell() == 0
    assert telling.tell() == 0
    assert SignOn.objects.get().attempts == 1  # it pauses
    SignOn.objects.update(
        attempts=telling.MOST_ATTEMPTS - 1,
        ended=timezone.now() - telling.pause(telling.MOST_ATTEMPTS),
    )
    telling.tell()
    assert SignOn.objects.get().told is not None
    event = Event.objects.get(action="sso.sign_out")
    assert (event.success, event.reason) == (False, "answered 503")


@pytest.mark.parametrize("content", [b"", b"<r/>", envelope("urn:no"), b"<a>" * 100])
def test_an_answer_that_is_none_does_not_count(
    strict: ServiceProvider, lena: Account, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    _answered_by(monkeypatch, lambda request: httpx.Response(200, stream=httpx.ByteStream(content)))
    User.objects.filter(pk=lena.user_id).update(state="SUSPENDED")
    assert telling.tell() == 0


def test_an_address_that_the_operator_has_not_listed_is_not_called(
    strict: ServiceProvider,
    lena: Account,
    told: list[httpx.Request],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(outgoing, "_operators", [])
    User.objects.filter(pk=lena.user_id).update(state="SUSPENDED")
    assert (telling.tell(), telling.tell(), told) == (0, 0, [])
    event = Event.objects.get(action="sso.sign_out")
    assert (event.success, event.reason) == (False, telling.NOT_ALLOWED)


def test_who_takes_no_sign_out_costs_nothing(
    signed_in: ServiceProvider, lena: Account, told: list[httpx.Request]
) -> None:
    signed_in.send()
    User.objects.filter(pk=lena.user_id).update(state="SUSPENDED")
    assert (telling.tell(), told) == (0, [])


def test_a_hundred_who_are_out_cost_as_many_statements_as_one(
    strict: ServiceProvider, lena: Account, django_assert_num_queries: object
) -> None:
    first = SignOn.objects.get()
    SignOn.objects.bulk_create(
        SignOn(
            connection=first.connection,
            account=lena,
            index=f"_{number}",
            name_id=lena.email,
            expires=first.expires,
        )
        for number in range(100)
    )
    User.objects.filter(pk=lena.user_id).update(state="SUSPENDED")
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert sign_ons.end_whoever_is_out() == 101


def test_what_is_over_is_forgotten(signed_in: ServiceProvider) -> None:
    signed_in.send()
    SignOn.objects.update(expires=timezone.now())
    assert sign_ons.forget() == 1
    assert not SignOn.objects.exists()
