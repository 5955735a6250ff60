"""What applications are told of people by rules: values, constants, groups."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rollcall.access.attribute_mapping import (
    MOST_RULES,
    ClaimRule,
    Kind,
    as_json,
    evaluate,
    facts_of,
    from_json,
    refusals,
)
from rollcall.directory.models import User

FACTS = {"email": "lena@example.com", "lastname": "Brandt", "department": ""}


def test_values_and_constants_stand_under_their_names() -> None:
    rules = [
        ClaimRule("mail", Kind.ATTRIBUTE, "email"),
        ClaimRule("role", Kind.CONSTANT, "reader"),
    ]
    assert evaluate(rules, FACTS, []) == {"mail": "lena@example.com", "role": "reader"}


@pytest.mark.parametrize("groups", [[], ["Engineering"], ["Engineering", "Sales"]])
def test_groups_are_always_a_list(groups: list[str]) -> None:
    assert evaluate([ClaimRule("memberOf", Kind.GROUPS)], FACTS, groups) == {"memberOf": groups}


def test_what_is_not_known_is_left_out() -> None:
    rules = [
        ClaimRule("dept", Kind.ATTRIBUTE, "department"),
        ClaimRule("cost", Kind.ATTRIBUTE, "attributes.costObject"),
    ]
    assert evaluate(rules, FACTS, []) == {}


def test_custom_attributes_can_be_told() -> None:
    user = User(
        username="lena",
        email="lena@example.com",
        attributes=[{"name": "costObject", "value": "4711"}, {"name": "id", "value": "evil"}],
    )
    rules = [
        ClaimRule("cost", Kind.ATTRIBUTE, "attributes.costObject"),
        ClaimRule("id", Kind.ATTRIBUTE, "id"),
    ]
    assert evaluate(rules, facts_of(user), []) == {"cost": "4711", "id": user.id}


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        (ClaimRule("", Kind.GROUPS), "required"),
        (ClaimRule("a\nb", Kind.GROUPS), "malformed"),
        (ClaimRule("x" * 257, Kind.GROUPS), "malformed"),
        (ClaimRule("role", Kind.CONSTANT, ""), "malformed"),
        (ClaimRule("hash", Kind.ATTRIBUTE, "password"), "malformed"),
        (ClaimRule("hash", Kind.ATTRIBUTE, "account__password"), "malformed"),
        (ClaimRule("x", Kind.ATTRIBUTE, "attributes."), "malformed"),
    ],
)
def test_a_rule_that_cannot_be_kept_is_named(rule: ClaimRule, code: str) -> None:
    [refusal] = refusals([rule], "attributes")
    assert (refusal.field, refusal.code) == ("attributes", code)


def test_names_are_told_once_and_rules_are_not_endless() -> None:
    twice = [ClaimRule("mail", Kind.ATTRIBUTE, "email")] * 2
    assert [refusal.code for refusal in refusals(twice, "claims")] == ["named_twice"]
    many = [ClaimRule(f"c{n}", Kind.GROUPS) for n in range(MOST_RULES + 1)]
    assert [refusal.code for refusal in refusals(many, "claims")] == ["too_many"]


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.builds(ClaimRule, st.text(min_size=1), st.sampled_from(list(Kind)), st.text()),
        max_size=5,
    )
)
def test_rules_come_back_as_they_were_kept(rules: list[ClaimRule]) -> None:
    assert from_json(as_json(rules)) == tuple(rules)
