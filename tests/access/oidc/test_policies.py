"""Each sign-on is decided by the access policies, and its event keeps what was looked at."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest
from allauth.mfa.totp.internal.auth import TOTP

from rollcall.access.oidc.models import SignOn
from rollcall.access.policies import foresight, services
from rollcall.access.policies.decision.parsing import Document
from rollcall.accounts.models import Account
from rollcall.audit.models import Event
from tests.access.oidc.relying_party import RelyingParty, answered, read
from tests.accounts.test_admission import SECRET, code
from tests.actors import ADMIN

pytestmark = pytest.mark.django_db
MFA = {"action": "allow", "obligations": {"mfa": {"required": True}}}


def policy(party: RelyingParty, effect: Any, conditions: Any = None) -> Document:
    """A policy for everybody at this application."""
    application = {"type": "application", "id": party.client.application_id}
    targets = {"resources": [application], "users": {"inclusions": ["ALL"]}}
    return Document("Wiki", targets=targets, conditions=conditions or {}, effect=effect)


def decision(action: str) -> dict[str, Any]:
    found: dict[str, Any] = Event.objects.filter(action=action).latest("pk").details["auth_context"]
    return found


def test_without_a_policy_the_default_lets_on_and_is_named(signed_in: RelyingParty) -> None:
    assert signed_in.code()
    told = decision("sso.sign_on")
    assert (told["policies_applied"], told["decision"]["default"]) == ([], "allow")


def test_whoever_is_denied_is_refused_in_neutral_words_with_the_rule_in_the_event(
    signed_in: RelyingParty,
) -> None:
    services.create_policy(ADMIN, policy(signed_in, {"action": "deny"}), confirmed=True)
    assert answered(signed_in.authorize())["error"] == "access_denied"
    assert decision("sso.refused")["policies_applied"][0]["name"] == "Wiki"
    event = Event.objects.filter(action="sso.refused").latest("pk")
    assert event.reason == "denied by policy Wiki"


def test_a_policy_for_one_application_leaves_another_one_alone(
    signed_in: RelyingParty, group: Any
) -> None:
    other = RelyingParty.bound_to(group, "Files")
    services.create_policy(ADMIN, policy(other, {"action": "deny"}), confirmed=True)
    assert signed_in.code()


def test_whoever_has_no_factor_is_refused_where_one_is_asked_for(signed_in: RelyingParty) -> None:
    services.create_policy(ADMIN, policy(signed_in, MFA), confirmed=True)
    assert answered(signed_in.authorize())["error"] == "access_denied"


def test_whoever_has_one_gives_it_and_goes_on(signed_in: RelyingParty, lena: Account) -> None:
    TOTP.activate(lena, SECRET)
    services.create_policy(ADMIN, policy(signed_in, MFA), confirmed=True)
    asked = signed_in.authorize()
    assert urlsplit(asked["Location"]).path.startswith("/account/two-factor/")
    given: Any = signed_in.browser.post(asked["Location"], {"code": code()})
    assert "code" in answered(signed_in.browser.get(given["Location"]))  # type: ignore[arg-type]
    assert decision("sso.sign_on")["decision"]["outcome"] == "allowed_with_mfa"


def test_whoever_comes_back_without_it_is_not_sent_in_a_circle(
    signed_in: RelyingParty, lena: Account
) -> None:
    TOTP.activate(lena, SECRET)
    services.create_policy(ADMIN, policy(signed_in, MFA), confirmed=True)
    signed_in.authorize()
    assert answered(signed_in.authorize())["error"] == "access_denied"


def test_a_silent_request_is_not_led_anywhere(signed_in: RelyingParty, lena: Account) -> None:
    TOTP.activate(lena, SECRET)
    services.create_policy(ADMIN, policy(signed_in, MFA), confirmed=True)
    assert answered(signed_in.authorize(prompt="none"))["error"] == "access_denied"


def test_sign_ons_are_what_a_change_is_held_against(signed_in: RelyingParty, lena: Account) -> None:
    signed_in.code()
    foreseen = foresight.of_policy(policy(signed_in, {"action": "deny"})).impact
    assert foreseen.denied == (lena.user_id,)
    assert foreseen.sign_ins == 2  # at the portal, and at the application


def test_policies_are_asked_again_when_tokens_are_refreshed(signed_in: RelyingParty) -> None:
    tokens = signed_in.tokens(scope="openid offline_access")
    denying = services.create_policy(ADMIN, policy(signed_in, {"action": "deny"}), confirmed=True)
    assert read(signed_in.refresh(tokens["refresh_token"]))["error"] == "invalid_grant"
    event = Event.objects.filter(action="sso.token.refused").latest("pk")
    assert event.reason == "denied by policy Wiki"
    assert decision("sso.token.refused")["policies_applied"][0]["name"] == "Wiki"
    # The sign-on has not ended: a policy may hold at some hours only.
    services.delete_policy(ADMIN, denying.pk, confirmed=True)
    assert signed_in.refresh(tokens["refresh_token"]).status_code == 200


def test_a_refresh_is_decided_by_where_the_person_was(signed_in: RelyingParty) -> None:
    """The application asks from its own address, which says nothing of them."""
    tokens = signed_in.tokens(scope="openid offline_access")
    home = services.create_ip_list(ADMIN, {"name": "Home", "ips": ["127.0.0.1"]})
    away = {"not": {"ipAddressIn": [home.pk]}}
    services.create_policy(ADMIN, policy(signed_in, {"action": "deny"}, away), confirmed=True)
    assert signed_in.refresh(tokens["refresh_token"]).status_code == 200
    SignOn.objects.update(address="192.0.2.9")
    tokens = read(signed_in.refresh(tokens["refresh_token"]))
    assert tokens["error"] == "invalid_grant"


def test_a_refresh_needs_the_factor_that_was_given_at_the_sign_on(
    signed_in: RelyingParty, lena: Account
) -> None:
    first = signed_in.tokens(scope="openid offline_access")
    TOTP.activate(lena, SECRET)
    services.create_policy(ADMIN, policy(signed_in, MFA), confirmed=True)
    assert read(signed_in.refresh(first["refresh_token"]))["error"] == "invalid_grant"
    way = signed_in.authorize(scope="openid offline_access")
    given: Any = signed_in.browser.post(way["Location"], {"code": code()})
    told = answered(signed_in.browser.get(given["Location"]))  # type: ignore[arg-type]
    second = read(signed_in.exchange(told["code"]))
    assert signed_in.refresh(second["refresh_token"]).status_code == 200
