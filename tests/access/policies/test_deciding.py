"""Which of the policies that hold decides: deny before MFA before allow, else the default."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollcall.access.policies.decision.deciding import Outcome, Rulebook
from rollcall.access.policies.decision.facts import Factor, Facts, Resource, ResourceType
from rollcall.access.policies.decision.impact import impact, shuts_out
from rollcall.access.policies.decision.parsing import Document, parse
from rollcall.access.policies.decision.policy import Default, Policy
from tests.access.policies.strategies import CONDITIONS, EFFECTS, LISTS, facts, targets

NOON = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
PORTAL = Resource(ResourceType.USER_PORTAL)
MARA = Facts(
    user_id="u1",
    resource=PORTAL,
    at=NOON,
    group_ids=frozenset({"g1"}),
    address="192.0.2.7",
    mfa_configured=True,
    proved={Factor.PASSWORD: NOON},
)
EVERYBODY = {"users": {"inclusions": ["ALL"]}}
MFA = {"action": "allow", "obligations": {"mfa": {"required": True}}}


def policy(name: str, effect: Any, conditions: Any = None, **targets: Any) -> Policy:
    action = {"action": effect} if isinstance(effect, str) else effect
    document = Document(
        name, targets={**EVERYBODY, **targets}, conditions=conditions or {}, effect=action
    )
    return parse(name, document)


def book(*policies: Policy, **defaults: Default) -> Rulebook:
    chosen = {ResourceType(name): default for name, default in defaults.items()}
    return Rulebook(policies, LISTS.values(), chosen)


def test_deny_comes_before_mfa_and_mfa_before_allow() -> None:
    allow, mfa, deny = policy("A", "allow"), policy("B", MFA), policy("C", "deny")
    assert book(allow, mfa, deny).decide(MARA).outcome is Outcome.DENIED
    assert book(allow, mfa).decide(MARA).outcome is Outcome.ALLOWED_WITH_MFA
    assert book(allow).decide(MARA).outcome is Outcome.ALLOWED
    assert [each.name for each in book(allow, mfa, deny).decide(MARA).deciding] == ["C"]


def test_a_policy_that_holds_overrides_the_default_even_to_less() -> None:
    rules = book(policy("A", "allow", {"ipAddressIn": ["office"]}), user_portal=Default.DENY)
    assert rules.decide(MARA).admitted
    away = rules.decide(replace(MARA, address="203.0.113.9"))
    assert (away.outcome, away.default, away.deciding) == (Outcome.DENIED, Default.DENY, ())


@pytest.mark.parametrize(
    ("default", "configured", "outcome"),
    [
        (Default.ALLOW, True, Outcome.ALLOWED),
        (Default.MFA, False, Outcome.ALLOWED_WITH_MFA),
        (Default.MFA_BY_USER, True, Outcome.ALLOWED_WITH_MFA),
        (Default.MFA_BY_USER, False, Outcome.ALLOWED),
        (Default.DENY, True, Outcome.DENIED),
    ],
)
def test_the_default_decides_where_no_policy_holds(
    default: Default, configured: bool, outcome: Outcome
) -> None:
    decided = book(user_portal=default).decide(replace(MARA, mfa_configured=configured))
    assert decided.outcome is outcome


def test_every_demand_must_be_met_and_by_a_factor_that_is_fresh() -> None:
    fresh = {
        "action": "allow",
        "obligations": {
            "mfa": {"required": True, "maxAgeMinutes": 5},
            "mfaFactors": [{"type": "WEBAUTHN"}],
        },
    }
    rules = book(policy("A", MFA), policy("B", fresh))
    assert len(rules.decide(MARA).missing) == 2
    with_totp = replace(MARA, proved={Factor.TOTP: NOON})
    assert len(rules.decide(with_totp).missing) == 1
    stale = replace(MARA, proved={Factor.WEBAUTHN: NOON - timedelta(minutes=6)})
    assert len(rules.decide(stale).missing) == 1
    assert rules.decide(
        replace(MARA, proved={Factor.WEBAUTHN: NOON - timedelta(minutes=5)})
    ).admitted


def test_whoever_is_left_out_is_left_out_whatever_includes_them() -> None:
    out = policy("A", "deny", userGroups={"inclusions": ["g1"], "exclusions": ["g2"]})
    assert book(out).decide(MARA).outcome is Outcome.DENIED
    both = replace(MARA, group_ids=frozenset({"g1", "g2"}))
    assert book(out).decide(both).outcome is not Outcome.DENIED
    named = policy("A", "deny", users={"inclusions": ["ALL"], "exclusions": ["u1"]})
    assert book(named).decide(MARA).outcome is not Outcome.DENIED


def test_a_policy_for_one_application_says_nothing_of_another() -> None:
    one = policy("A", "deny", resources=[{"type": "application", "id": "a1"}])
    at = replace(MARA, resource=Resource(ResourceType.APPLICATION, "a1"))
    assert book(one).decide(at).outcome is Outcome.DENIED
    other = replace(MARA, resource=Resource(ResourceType.APPLICATION, "a2"))
    assert book(one).decide(other).outcome is Outcome.ALLOWED


@given(
    known=facts(),
    conditions=CONDITIONS,
    effect=EFFECTS,
    where=targets(),
    default=st.sampled_from(Default),
)
def test_a_policy_whose_conditions_are_not_known_is_as_none_at_all(
    known: Facts, conditions: Any, effect: Any, where: Any, default: Default
) -> None:
    one = parse("A", Document("A", targets=where, conditions=conditions, effect=effect))
    chosen = dict.fromkeys(ResourceType, default)
    with_it = Rulebook([one], LISTS.values(), chosen).decide(known)
    if one.condition.truth(known, LISTS) is not True:
        assert with_it.as_json() == {
            **Rulebook([], LISTS.values(), chosen).decide(known).as_json(),
            "considered": len(with_it.considered),
        }


@given(known=facts(), conditions=CONDITIONS, effect=EFFECTS, where=targets())
def test_an_explanation_names_the_rule_the_values_and_the_time_as_json(
    known: Facts, conditions: Any, effect: Any, where: Any
) -> None:
    one = parse("A", Document("A", targets=where, conditions=conditions, effect=effect))
    told = json.loads(json.dumps(Rulebook([one], LISTS.values()).decide(known).as_json()))
    assert datetime.fromisoformat(told["at"]) == known.at
    assert (told["default"] is None) == bool(told["rules"])
    for rule in told["rules"]:
        assert (rule["name"], rule["conditions"]["holds"]) == ("A", True)


def test_an_impact_counts_people_once_and_by_what_would_be_otherwise() -> None:
    past = [
        MARA,
        MARA,
        replace(MARA, user_id="u2", mfa_configured=False),
        replace(MARA, user_id="u3", address="203.0.113.9"),
    ]
    after = book(policy("A", "deny", {"ipAddressNotIn": ["office"]}), policy("B", MFA))
    found = impact(book(user_portal=Default.ALLOW), after, past)
    assert (found.sign_ins, found.people) == (4, 3)
    assert (found.denied, found.unable, found.asked) == (("u3",), ("u2",), ("u1",))
    assert found.share_shut_out == pytest.approx(2 / 3)
    back = impact(after, book(user_portal=Default.ALLOW), past)
    assert set(back.admitted) == {"u1", "u2", "u3"}


def test_nothing_changes_where_the_rules_are_the_same() -> None:
    rules = book(policy("A", MFA))
    found = impact(rules, rules, [MARA, replace(MARA, user_id="u2")])
    assert (found.denied, found.unable, found.asked, found.admitted) == ((), (), (), ())
    assert impact(rules, rules, []).share_shut_out == 0


def test_administrators_are_shut_out_when_none_of_them_can_come_in_from_anywhere() -> None:
    admin = replace(MARA, resource=Resource(ResourceType.ADMIN_PORTAL))
    away = replace(admin, address="203.0.113.9")
    rules = book(
        policy("A", "deny", {"ipAddressNotIn": ["office"]}, resources=[{"type": "admin_portal"}])
    )
    ordinary = {**admin.proved, Factor.TOTP: NOON}
    assert shuts_out(rules, [[replace(away, proved=ordinary)]])
    assert not shuts_out(
        rules, [[replace(away, proved=ordinary)], [replace(admin, proved=ordinary)]]
    )


class Counting:
    """A condition that counts how often it is asked, and holds."""

    name = "counting"
    asked = 0

    def truth(self, known: Facts, lists: Any) -> bool:
        self.asked += 1
        return True

    def trace(self, known: Facts, lists: Any) -> dict[str, Any]:
        return {"condition": self.name, "holds": True}


def test_each_policy_that_is_for_somebody_there_is_asked_once_and_no_other_one() -> None:
    condition = Counting()
    here = [replace(policy(f"A{n}", "allow"), condition=condition) for n in range(20)]
    elsewhere = policy("B", "deny", resources=[{"type": "application"}])
    others = policy("C", "deny", users={"inclusions": ["u9"]})
    more = [replace(one, condition=condition) for one in (elsewhere, others) for _ in range(90)]
    assert book(*here, *more).decide(MARA).outcome is Outcome.ALLOWED
    assert condition.asked == 20
