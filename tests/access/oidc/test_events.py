"""What is written down of sign-on: who, where, and why somebody was refused."""

from __future__ import annotations

import pytest

from rollcall.accounts.models import Account
from rollcall.audit.insights import as_insights
from rollcall.audit.models import Event
from rollcall.directory.models import Membership, User
from tests.access.oidc.relying_party import RelyingParty

pytestmark = pytest.mark.django_db


def latest(action: str) -> Event:
    return Event.objects.filter(action=action).latest("pk")


def test_a_sign_on_is_an_sso_auth_of_the_person(signed_in: RelyingParty, lena: Account) -> None:
    signed_in.code()
    shown = as_insights(latest("sso.sign_on"))
    assert (shown["event_type"], shown["service"], shown["success"]) == ("sso_auth", "sso", True)
    assert shown["initiated_by"]["email"] == lena.email
    assert shown["application"]["display_label"] == "Wiki"
    assert (shown["idp_initiated"], shown["mfa"]) == (False, False)


def test_a_refusal_says_why(signed_in: RelyingParty, lena: Account) -> None:
    Membership.objects.filter(user=lena.user_id).delete()
    signed_in.authorize()
    shown = as_insights(latest("sso.refused"))
    assert (shown["event_type"], shown["success"]) == ("sso_auth", False)
    assert "no user group" in shown["error_message"]


def test_a_token_of_a_suspended_person_is_noted(signed_in: RelyingParty, lena: Account) -> None:
    code = signed_in.code()
    User.objects.filter(pk=lena.user_id).update(state="SUSPENDED")
    signed_in.exchange(code)
    event = latest("sso.token.refused")
    assert (event.reason, event.door, event.success) == ("the user is suspended", "sso", False)


def test_a_second_use_of_a_code_is_noted_once(signed_in: RelyingParty) -> None:
    code = signed_in.code()
    for _ in range(3):
        signed_in.exchange(code)
    assert latest("sso.tokens.revoke").reason == "a code was used twice"
    assert Event.objects.filter(action="sso.tokens.revoke").count() == 1


def test_no_secret_stands_in_an_event(signed_in: RelyingParty) -> None:
    code = signed_in.code(scope="openid offline_access")
    tokens = signed_in.exchange(code).content.decode()
    signed_in.exchange(code)
    kept = str(list(Event.objects.values()))
    for secret in (code, signed_in.secret, *tokens.split('"')):
        assert secret is None or len(secret) < 25 or secret not in kept
