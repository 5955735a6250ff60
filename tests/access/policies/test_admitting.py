"""Signing in to the portal is decided by the policies, and the event keeps what was looked at."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client

from rollcall.access.policies import foresight, services
from rollcall.access.policies.decision.facts import from_json
from rollcall.access.policies.models import AccessPolicy, IpList
from rollcall.accounts.models import Account
from rollcall.audit.models import Event
from rollcall.mail.models import OutgoingMessage
from tests.access.policies.conftest import document
from tests.accounts.test_admission import SECRET, code
from tests.actors import ADMIN
from tests.web.world import PASSWORD

pytestmark = pytest.mark.django_db
MFA = {"action": "allow", "obligations": {"mfa": {"required": True}}}


def sign_in(client: Client, account: Account) -> bool:
    """Whether the password, and the factor where it is asked for, open the portal."""
    answer = client.post("/account/sign-in/", {"login": account.email, "password": PASSWORD})
    if answer.headers.get("Location", "").startswith("/account/two-factor/"):
        client.post("/account/two-factor/authenticate/", {"code": code()})
    return client.get("/").status_code == 200


def last_event() -> Event:
    return Event.objects.filter(action__startswith="account.sign_in").latest("pk")


def decision() -> dict[str, Any]:
    found: dict[str, Any] = last_event().details["auth_context"]["decision"]
    return found


def test_without_policies_the_default_admits_and_is_named(
    client: Client, administrator: Account
) -> None:
    assert sign_in(client, administrator)
    assert decision()["default"] == "mfa_by_user"
    assert decision()["facts"]["address"] == "127.0.0.1"


def test_whoever_is_denied_stays_outside_with_the_rule_the_values_and_the_time(
    client: Client, administrator: Account, office: IpList
) -> None:
    policy = services.create_policy(
        ADMIN, document("Never from here", "deny", {"ipAddressIn": [office.pk]}), confirmed=True
    )
    assert not sign_in(client, administrator)
    event = last_event()
    assert (event.action, event.success) == ("account.sign_in_refused", False)
    assert event.reason == "denied by policy Never from here"
    assert event.details["auth_context"]["policies_applied"] == [
        {"id": policy.pk, "name": "Never from here"}
    ]
    [rule] = decision()["rules"]
    assert rule["conditions"] == {
        "condition": "ipAddressIn",
        "holds": True,
        "asked": ["Office"],
        "value": "127.0.0.1",
    }
    assert decision()["at"]


def test_the_policys_own_words_and_links_are_told(client: Client, administrator: Account) -> None:
    message = {
        "enabled": True,
        "message": "Come to the office.",
        "primary_help": {"text": "Where it is", "url": "https://example.com/office"},
    }
    effect = {"action": "deny", "custom_error_message": message}
    services.create_policy(ADMIN, document("Out", effect), confirmed=True)
    assert not sign_in(client, administrator)
    page = client.get("/account/sign-in/").content.decode()
    assert "Come to the office. Where it is: https://example.com/office" in page


def test_a_factor_that_a_policy_asks_for_must_be_given(
    client: Client, administrator: Account
) -> None:
    services.create_policy(ADMIN, document("MFA", MFA), confirmed=True)
    assert not sign_in(client, administrator)
    assert last_event().reason == "policy MFA asks for a factor that was not given"
    TOTP.activate(administrator, SECRET)
    assert sign_in(client, administrator)
    assert decision()["outcome"] == "allowed_with_mfa"
    assert set(decision()["facts"]["proved"]) == {"password", "totp"}


def test_a_policy_for_the_user_portal_says_nothing_of_administrators(
    client: Client, administrator: Account
) -> None:
    services.create_policy(ADMIN, document("Users", "deny", type="user_portal"))
    assert sign_in(client, administrator)


def test_a_policy_that_cannot_be_read_admits_nobody_but_break_glass(
    client: Client, administrator: Account
) -> None:
    policy = services.create_policy(ADMIN, document("Broken"))
    AccessPolicy.objects.filter(pk=policy.pk).update(conditions={"colour": "red"})
    services.set_default(ADMIN, *_other_default(), confirmed=True)
    client.raise_request_exception = False
    assert not sign_in(client, administrator)
    services.set_break_glass(ADMIN, administrator, True)
    assert sign_in(client, administrator)


def _other_default() -> Any:
    from rollcall.access.policies.decision.facts import ResourceType
    from rollcall.access.policies.decision.policy import Default

    return ResourceType.APPLICATION, Default.MFA


def test_a_break_glass_account_comes_in_and_every_administrator_hears_of_it(
    client: Client, administrator: Account
) -> None:
    services.set_break_glass(ADMIN, administrator, True)
    services.create_policy(ADMIN, document("Nobody", "deny"))
    assert sign_in(client, administrator)
    used = Event.objects.get(action="break_glass.use")
    assert (used.event_type, used.actor_name) == ("admin_break_glass", administrator.email)
    [letter] = OutgoingMessage.objects.filter(purpose="break-glass")
    assert letter.recipient == administrator.email


def test_what_was_looked_at_is_what_a_change_is_held_against(
    client: Client, administrator: Account
) -> None:
    assert sign_in(client, administrator)
    assert from_json(decision()["facts"]) is not None
    foreseen = foresight.of_policy(document("Nobody", "deny"), address="127.0.0.1")
    assert (foreseen.impact.sign_ins, foreseen.impact.people) == (1, 1)
    assert foreseen.impact.denied == (f"account:{administrator.pk}",)
    assert len(foreseen.reasons()) == 2


def test_a_share_of_people_that_is_set_must_be_confirmed(
    client: Client, administrator: Account, settings: Any
) -> None:
    assert sign_in(client, administrator)
    settings.POLICY_CONFIRM_PERCENT = 100
    services.set_break_glass(ADMIN, administrator, True)
    assert not foresight.of_policy(document("Nobody", "deny")).is_grave
    settings.POLICY_CONFIRM_PERCENT = 50
    assert foresight.of_policy(document("Nobody", "deny")).is_grave
