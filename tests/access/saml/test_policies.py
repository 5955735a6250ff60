"""Each sign-on by SAML is decided by the policies, and its event keeps what was looked at."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest
from allauth.mfa.totp.internal.auth import TOTP

from rollcall.access.policies import services
from rollcall.access.policies.decision.parsing import Document
from rollcall.accounts.models import Account
from rollcall.audit.models import Event
from tests.access.saml.service_provider import ServiceProvider
from tests.accounts.test_admission import SECRET, code
from tests.actors import ADMIN

pytestmark = pytest.mark.django_db
MFA = {"action": "allow", "obligations": {"mfa": {"required": True}}}


def policy(party: ServiceProvider, effect: Any) -> Document:
    """A policy for everybody at this application."""
    application = {"type": "application", "id": party.connection.application_id}
    targets = {"resources": [application], "users": {"inclusions": ["ALL"]}}
    return Document("Wiki", targets=targets, conditions={}, effect=effect)


def test_whoever_is_denied_reads_neutral_words_and_the_rule_is_in_the_event(
    signed_in: ServiceProvider,
) -> None:
    services.create_policy(ADMIN, policy(signed_in, {"action": "deny"}), confirmed=True)
    page = signed_in.send()
    assert (page.status_code, b"Wiki" in page.content) == (403, False)
    event = Event.objects.filter(action="sso.refused").latest("pk")
    assert event.reason == "denied by policy Wiki"
    assert event.details["auth_context"]["policies_applied"][0]["name"] == "Wiki"


def test_whoever_has_a_factor_gives_it_and_goes_on(
    signed_in: ServiceProvider, lena: Account
) -> None:
    TOTP.activate(lena, SECRET)
    services.create_policy(ADMIN, policy(signed_in, MFA), confirmed=True)
    address = f"{signed_in.address}?{signed_in.query(signed_in.request())}"
    asked = signed_in.browser.get(address)
    assert urlsplit(asked["Location"]).path.startswith("/account/two-factor/")
    given: Any = signed_in.browser.post(asked["Location"], {"code": code()})
    answer = signed_in.answered(signed_in.browser.get(given["Location"]))  # type: ignore[arg-type]
    assert answer.codes == ["Success"]
    assert answer.text(".//saml:AuthnContextClassRef") == "https://refeds.org/profile/mfa"


def test_whoever_comes_back_without_it_is_not_sent_in_a_circle(
    signed_in: ServiceProvider, lena: Account
) -> None:
    TOTP.activate(lena, SECRET)
    services.create_policy(ADMIN, policy(signed_in, MFA), confirmed=True)
    request = signed_in.request()
    assert signed_in.send(request).status_code == 302
    assert signed_in.send(request).status_code == 403
