"""Claims by attribute mapping: told beside those of the scopes, and never over the protocol's."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rollcall.access.attribute_mapping import ClaimRule, Kind
from rollcall.access.oidc import mapped_claims
from rollcall.access.oidc.mapped_claims import RESERVED, ClaimsRefused, change_claims, refusals
from rollcall.accounts.models import Account
from rollcall.audit.models import Event
from rollcall.directory.models import Membership, User, UserGroup
from tests.access.oidc.relying_party import RelyingParty, read
from tests.actors import TESTER

RULES = (
    ClaimRule("department", Kind.ATTRIBUTE, "department"),
    ClaimRule("tenant", Kind.CONSTANT, "acme"),
    ClaimRule("roles", Kind.GROUPS),
    ClaimRule("badge", Kind.ATTRIBUTE, "attributes.badge"),
)


def told(party: RelyingParty, scope: str = "openid") -> tuple[dict[str, object], dict[str, object]]:
    """The claims at userinfo, and those of the ID token."""
    tokens = party.tokens(scope=scope)
    return read(party.user_info(tokens["access_token"])), party.verified(tokens["id_token"])


@pytest.mark.django_db
def test_what_is_mapped_is_told_in_both_places(signed_in: RelyingParty, lena: Account) -> None:
    User.objects.filter(pk=lena.user_id).update(
        department="Library", attributes=[{"name": "badge", "value": "B-7"}]
    )
    change_claims(TESTER, signed_in.client, RULES)
    for claims in told(signed_in):
        assert claims["department"] == "Library"
        assert claims["tenant"] == "acme"
        assert claims["roles"] == ["Engineering"]
        assert claims["badge"] == "B-7"
        assert "groups" not in claims


@pytest.mark.django_db
def test_groups_are_a_list_of_those_that_the_application_is_bound_to(
    signed_in: RelyingParty, lena: Account
) -> None:
    other = UserGroup.objects.create(name="Choir")
    Membership.objects.create(group=other, user_id=str(lena.user_id))
    change_claims(TESTER, signed_in.client, [ClaimRule("groups", Kind.GROUPS)])
    assert told(signed_in)[0]["groups"] == ["Engineering"]


@pytest.mark.django_db
def test_what_the_directory_does_not_know_is_left_out(signed_in: RelyingParty) -> None:
    change_claims(TESTER, signed_in.client, RULES)
    assert {"department", "badge"}.isdisjoint(told(signed_in)[0])


@pytest.mark.django_db
def test_another_address_is_told_without_a_word_that_it_is_verified(
    signed_in: RelyingParty, lena: Account
) -> None:
    User.objects.filter(pk=lena.user_id).update(alternateEmail="lena@home.example.com")
    rule = ClaimRule("email", Kind.ATTRIBUTE, "alternateEmail")
    change_claims(TESTER, signed_in.client, [rule])
    claims, _ = told(signed_in, "openid email")
    assert (claims["email"], "email_verified" in claims) == ("lena@home.example.com", False)


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(RESERVED))
def test_no_rule_writes_over_who_somebody_is(signed_in: RelyingParty, name: str) -> None:
    with pytest.raises(ClaimsRefused) as raised:
        change_claims(TESTER, signed_in.client, [ClaimRule(name, Kind.CONSTANT, "x")])
    assert [refusal.code for refusal in raised.value.refusals] == ["reserved"]


@pytest.mark.django_db
def test_what_stands_in_the_table_all_the_same_is_not_told(
    signed_in: RelyingParty, lena: Account
) -> None:
    signed_in.client.claims = [{"name": "sub", "kind": "constant", "value": "root"}]
    signed_in.client.save()
    for claims in told(signed_in):
        assert claims["sub"] == lena.user_id


@given(st.lists(st.text(max_size=5), max_size=60))
@settings(max_examples=30)
def test_what_can_be_kept_is_little(names: list[str]) -> None:
    rules = [ClaimRule(name, Kind.CONSTANT, "x") for name in names]
    if not refusals(rules):
        assert len(names) <= 50
        assert len(set(names)) == len(names)
        assert not RESERVED & set(names)


@pytest.mark.django_db
def test_a_change_is_recorded_once(signed_in: RelyingParty) -> None:
    for _ in range(2):
        change_claims(TESTER, signed_in.client, RULES)
    event = Event.objects.get(action="sso.client.update")
    assert event.after["claims"][1] == {"name": "tenant", "kind": "constant", "value": "acme"}
    assert mapped_claims.rules_of(signed_in.client) == RULES
