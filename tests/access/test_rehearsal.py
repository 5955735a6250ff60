"""A sign-on tried out says what the door would say, and sends nothing anywhere."""

from __future__ import annotations

from typing import Any

from rollcall.access.policies import services as policies
from rollcall.access.policies.decision.parsing import Document
from rollcall.access.rehearsal import Attempt, Rehearsal, claims_told, rehearse
from rollcall.accounts import second_factors
from rollcall.accounts import services as accounts
from rollcall.accounts.models import Account, Role
from rollcall.audit.models import Event
from rollcall.directory.models import Application, Membership, User, UserGroup
from tests.access.oidc.conftest import _quick_passwords, group, key_pair, lena, signing_key, wiki
from tests.access.oidc.relying_party import RelyingParty
from tests.actors import TESTER

__all__ = ["_quick_passwords", "group", "key_pair", "lena", "signing_key", "wiki"]


def tried(party: RelyingParty, account: Account) -> Rehearsal:
    user = User.objects.get(pk=account.user_id)
    application = Application.objects.get(pk=party.client.application_id)
    return rehearse(application, Attempt(user, "192.0.2.7"))


def policy(party: RelyingParty, effect: dict[str, Any]) -> None:
    document = Document(
        name="Only from the office",
        type="application",
        targets={
            "users": {"inclusions": ["ALL"]},
            "resources": [{"type": "application", "id": party.client.application_id}],
        },
        effect=effect,
    )
    policies.create_policy(TESTER, document, confirmed=True)


def test_whoever_is_bound_gets_in(wiki: RelyingParty, lena: Account) -> None:
    before = Event.objects.count()
    assert tried(wiki, lena).admitted
    assert Event.objects.count() == before


def test_the_claims_are_those_that_the_application_gets(wiki: RelyingParty, lena: Account) -> None:
    told = claims_told(wiki.client.application, User.objects.get(pk=lena.user_id))
    got = wiki.signed_in(lena).tokens(scope="openid profile email groups")
    claims = wiki.verified(got["id_token"])
    assert told.items() <= claims.items()
    assert told["groups"] == ["Engineering"]


def test_whoever_is_not_bound_is_told_so(wiki: RelyingParty, lena: Account) -> None:
    Membership.objects.all().delete()
    assert "no user group" in tried(wiki, lena).refusal


def test_whoever_is_suspended_is_told_so(wiki: RelyingParty, lena: Account) -> None:
    User.objects.update(state="SUSPENDED")
    assert tried(wiki, lena).refusal == "the user is suspended"


def test_whoever_has_no_account_cannot_get_in(wiki: RelyingParty, group: UserGroup) -> None:
    user = User.objects.create(username="kim", email="kim@example.com", state="ACTIVATED")
    Membership.objects.create(group=group, user=user)
    result = rehearse(wiki.client.application, Attempt(user, "192.0.2.7"))
    assert (result.account, result.admitted) == (None, False)


def test_a_policy_that_denies_is_named(wiki: RelyingParty, lena: Account) -> None:
    policy(wiki, {"action": "deny"})
    result = tried(wiki, lena)
    assert not result.admitted
    assert result.explanation is not None
    assert [rule.name for rule in result.explanation.deciding] == ["Only from the office"]


def test_a_policy_that_asks_for_a_factor_says_so(wiki: RelyingParty, lena: Account) -> None:
    policy(wiki, {"action": "allow", "obligations": {"mfa": {"required": True}}})
    result = tried(wiki, lena)
    assert not result.admitted
    assert result.explanation is not None
    assert result.explanation.missing


def test_whoever_has_to_set_up_a_factor_first_does_not_get_in(
    wiki: RelyingParty, lena: Account
) -> None:
    accounts.change(TESTER, lena, roles={Role.READ_ONLY})
    second_factors.require(TESTER, {Role.READ_ONLY})
    result = tried(wiki, lena)
    assert (result.admitted, result.enrols_first, result.refusal) == (False, True, "")
