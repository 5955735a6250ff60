"""What somebody tries who wants to be let in as another, or to have an answer sent elsewhere."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client as Browser
from lxml import etree

from rollcall.access.saml.messages.bindings import packed
from rollcall.access.saml.messages.building import as_bytes
from rollcall.access.saml.models import SignOn
from rollcall.directory.models import UserGroup
from tests.access.saml.messages.test_parsing import BOMB, FILE
from tests.access.saml.service_provider import (
    ACS,
    ServiceProvider,
    later,
    sp_certificate,
)

pytestmark = pytest.mark.django_db


def refused(wiki: ServiceProvider, answer: object) -> bool:
    """Whether a page says that it is no good, and nothing goes to anybody."""
    status: int = answer.status_code  # type: ignore[attr-defined]
    return status == 400 and b"SAMLResponse" not in answer.content  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example.com/acs",
        f"{ACS}/",
        f"{ACS}?next=//evil.example.com",
        "https://app.example.com@evil.example.com/saml/acs",
        "https://app.example.com.evil.example.com/saml/acs",
        "http://app.example.com/saml/acs",
        "javascript:alert(1)",
    ],
)
def test_nothing_is_sent_to_an_address_that_is_not_registered(
    signed_in: ServiceProvider, address: str
) -> None:
    for passive in ("true", "false"):
        request = signed_in.request(AssertionConsumerServiceURL=address, IsPassive=passive)
        assert refused(signed_in, signed_in.send(request))
    assert not SignOn.objects.exists()


def test_a_request_of_another_application_is_refused(
    signed_in: ServiceProvider, group: UserGroup, keys: list[rsa.RSAPrivateKey]
) -> None:
    assert refused(signed_in, signed_in.send(signed_in.request("https://other.example.com")))
    other = ServiceProvider.bound_to(
        group, keys[1], "Other", sp_entity_id="https://other.example.com"
    )
    query = signed_in.query(signed_in.request())
    assert refused(signed_in, signed_in.browser.get(f"{other.address}?{query}"))


def test_a_request_is_answered_once(signed_in: ServiceProvider) -> None:
    request = signed_in.request()
    assert signed_in.answered(signed_in.send(request)).codes == ["Success"]
    assert refused(signed_in, signed_in.send(request))
    assert SignOn.objects.count() == 1


def test_a_request_of_long_ago_or_of_tomorrow_is_refused(signed_in: ServiceProvider) -> None:
    for minutes in (-120, 60):
        request = signed_in.request(IssueInstant=later(minutes))
        assert refused(signed_in, signed_in.send(request))


@pytest.fixture
def strict(signed_in: ServiceProvider) -> ServiceProvider:
    """The application signs its requests, and nothing else is taken."""
    signed_in.set(sp_certificate=sp_certificate(signed_in.key), signed_requests=True)
    return signed_in


def test_what_is_not_signed_is_refused(strict: ServiceProvider) -> None:
    assert refused(strict, strict.send())
    assert refused(strict, strict.post(strict.request()))


def test_what_another_signed_is_refused(
    strict: ServiceProvider, keys: list[rsa.RSAPrivateKey]
) -> None:
    strict.key = keys[0]
    assert refused(strict, strict.send(sign=True))
    assert refused(strict, strict.post(strict.signed(strict.request())))


def test_a_wrong_signature_is_refused_where_none_is_needed(
    strict: ServiceProvider, keys: list[rsa.RSAPrivateKey]
) -> None:
    strict.set(signed_requests=False)
    assert strict.answered(strict.send()).codes == ["Success"]
    strict.key = keys[0]
    assert refused(strict, strict.send(sign=True))


def test_what_was_changed_after_it_was_signed_is_refused(strict: ServiceProvider) -> None:
    signed = strict.signed(strict.request())
    signed.set("AssertionConsumerServiceURL", "https://app.example.com/saml/acs2")
    assert refused(strict, strict.post(signed))
    query = strict.query(strict.request(), "state", sign=True)
    for changed in (query.replace("=state", "=other"), query.replace("&RelayState=state", "")):
        assert refused(strict, strict.browser.get(f"{strict.address}?{changed}"))


def test_an_address_with_a_message_twice_is_refused(strict: ServiceProvider) -> None:
    query = strict.query(strict.request(), sign=True)
    unsigned = strict.query(strict.request(AssertionConsumerServiceURL=ACS))
    for both in (f"{query}&{unsigned}", f"{unsigned}&{query}"):
        assert refused(strict, strict.browser.get(f"{strict.address}?{both}"))
    posted = f"posted={packed(as_bytes(strict.request()))}"
    assert refused(strict, strict.browser.get(f"{strict.address}?{query}&{posted}"))


@pytest.mark.parametrize("content", [BOMB, FILE, b"", b"<r/>", b"\xff\xfe", b"<a>" * 12_000])
def test_bombs_and_what_is_no_request_is_refused(
    signed_in: ServiceProvider, content: bytes
) -> None:
    text = base64.b64encode(content).decode()
    answer = Browser().post(signed_in.address, {"SAMLRequest": text})
    if answer.status_code == 302:
        answer = signed_in.browser.get(answer["Location"])
    assert refused(signed_in, answer)
    answer = signed_in.browser.get(signed_in.address, {"SAMLRequest": packed(content)})
    assert refused(signed_in, answer)


def test_letters_that_are_none_are_refused(signed_in: ServiceProvider) -> None:
    for text in ("\0", "%00", "ä", "x" * 14_000):
        answer = signed_in.browser.get(signed_in.address, {"SAMLRequest": text})
        assert refused(signed_in, answer)
    state = {"RelayState": "x" * 3_000}
    assert refused(signed_in, signed_in.browser.get(signed_in.address, state))


def test_markup_in_a_state_stays_text(signed_in: ServiceProvider) -> None:
    state = '"><script>alert(1)</script>'
    page = signed_in.send(relay_state=state)
    assert b"<script>alert" not in page.content
    assert signed_in.answered(page).relay_state == state


def test_an_unknown_path_leads_nowhere() -> None:
    for path in ("nobody", "x" * 300):
        assert Browser().get(f"/saml2/{path}").status_code == 404
        assert Browser().get(f"/saml2/{path}/metadata").status_code == 404
        assert Browser().post(f"/saml2/{path}", {"SAMLRequest": "x"}).status_code == 404


def test_an_assertion_is_for_this_application_only(
    signed_in: ServiceProvider, group: UserGroup, keys: list[rsa.RSAPrivateKey]
) -> None:
    other = ServiceProvider.bound_to(
        group, keys[1], "Other", sp_entity_id="https://other.example.com"
    )
    answer = signed_in.answered(signed_in.send())
    assert answer.text(".//saml:Audience") != other.connection.sp_entity_id
    # Each application has a certificate of its own.
    assert other.certificate != signed_in.certificate
    assert etree.tostring(answer.root)
