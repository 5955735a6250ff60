"""Policies are read as JumpCloud's clients write them; what cannot be held is refused by field."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings

from rollcall.access.policies.decision import condition_parsing
from rollcall.access.policies.decision.address_lists import AddressList, malformed
from rollcall.access.policies.decision.facts import Factor, ResourceType
from rollcall.access.policies.decision.faults import Malformed
from rollcall.access.policies.decision.parsing import Document, parse
from rollcall.access.policies.decision.policy import Action
from tests.access.policies.strategies import CONDITIONS, EFFECTS, targets

ALLOW = {"action": "allow"}
EVERYBODY = {"users": {"inclusions": ["ALL"]}}


def faults(**fields: Any) -> list[str]:
    """The fields that are refused of a policy that would be all right without these."""
    document = Document(**{"name": "P", "targets": EVERYBODY, "effect": ALLOW, **fields})
    with pytest.raises(Malformed) as caught:
        parse("1", document)
    return [fault.field for fault in caught.value.faults]


def nested(depth: int) -> dict[str, Any]:
    given: dict[str, Any] = {"deviceManaged": True}
    for _ in range(depth):
        given = {"not": given}
    return given


def test_the_vendors_own_policy_is_read() -> None:
    policy = parse(
        "1",
        Document(
            name="Office only",
            type="user_portal",
            targets={
                "resources": [{"type": "user_portal"}],
                "users": {"inclusions": ["all"]},
                "userGroups": {"inclusions": [], "exclusions": ["g9"]},
                "userAttributes": {},
            },
            conditions={"not": {"all": [{"ipAddressIn": ["l1"]}, {"deviceManaged": True}]}},
            effect={
                "action": "deny",
                "custom_error_message": {
                    "enabled": True,
                    "message": "Come to the office.",
                    "primary_help": {"text": "Where?", "url": "https://example.com/office"},
                    "secondary_help": {"text": "", "url": ""},
                },
            },
        ),
    )
    assert policy.targets.resources == {ResourceType.USER_PORTAL: frozenset()}
    assert policy.targets.everybody
    assert policy.targets.not_group_ids == {"g9"}
    assert policy.action is Action.DENY
    assert policy.message is not None
    assert [link.url for link in policy.message.links] == ["https://example.com/office"]


def test_a_factor_may_be_asked_for_by_kind_and_age() -> None:
    effect = {
        "action": "allow",
        "obligations": {
            "mfa": {"required": True, "maxAgeMinutes": 15},
            "mfaFactors": [{"type": "WEBAUTHN"}, {"type": "TOTP"}],
            "userVerification": {"requirement": "optional"},
        },
    }
    demand = parse("1", Document("P", targets=EVERYBODY, effect=effect)).demand
    assert demand is not None
    assert demand.factors == {Factor.WEBAUTHN, Factor.TOTP}
    assert demand.max_age == timedelta(minutes=15)


def test_without_resources_a_policy_is_for_its_type() -> None:
    policy = parse("1", Document("P", type="admin_portal", targets=EVERYBODY, effect=ALLOW))
    assert set(policy.targets.resources) == {ResourceType.ADMIN_PORTAL}


def test_one_policy_may_be_for_several_resources_and_all_of_a_type_is_more_than_one() -> None:
    listed = [{"type": "application", "id": "a1"}, {"type": "admin_portal"}]
    policy = parse("1", Document("P", targets={**EVERYBODY, "resources": listed}, effect=ALLOW))
    assert policy.targets.resources == {
        ResourceType.APPLICATION: {"a1"},
        ResourceType.ADMIN_PORTAL: frozenset(),
    }
    listed.append({"type": "application"})
    policy = parse("1", Document("P", targets={**EVERYBODY, "resources": listed}, effect=ALLOW))
    assert policy.targets.resources[ResourceType.APPLICATION] == frozenset()


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"effect": {}}, "effect.action"),
        ({"effect": {"action": "unknown"}}, "effect.action"),
        (
            {"effect": {**ALLOW, "obligations": {"mfaFactors": [{"type": "DUO"}]}}},
            "effect.obligations.mfaFactors",
        ),
        (
            {"effect": {**ALLOW, "obligations": {"userVerification": {"requirement": "required"}}}},
            "effect.obligations.userVerification",
        ),
        (
            {"effect": {**ALLOW, "obligations": {"mfa": {"required": True, "maxAgeMinutes": 0}}}},
            "effect.obligations.mfa.maxAgeMinutes",
        ),
        (
            {
                "effect": {
                    **ALLOW,
                    "custom_error_message": {
                        "enabled": True,
                        "message": "x",
                        "primary_help": {"url": "javascript:alert(1)"},
                    },
                }
            },
            "effect.custom_error_message.primary_help.url",
        ),
        ({"targets": {"resources": [{"type": "ldap"}]}}, "targets.resources.0.type"),
        ({"targets": {"users": {"inclusions": "ALL"}}}, "targets.users.inclusions"),
        (
            {"targets": {"userAttributes": {"inclusions": [{"field": "x"}]}}},
            "targets.userAttributes",
        ),
        ({"conditions": {"colour": "red"}}, "conditions.colour"),
        ({"conditions": {"all": {}}}, "conditions.all"),
        ({"conditions": {"any": [{}, {"not": []}]}}, "conditions.any.1.not"),
        ({"conditions": {"ipAddressIn": []}}, "conditions.ipAddressIn"),
        ({"conditions": {"locationIn": {"countries": ["Germany"]}}}, "conditions.locationIn"),
        ({"conditions": {"deviceManaged": "yes"}}, "conditions.deviceManaged"),
        ({"conditions": {"operatingSystem": "amiga"}}, "conditions.operatingSystem"),
        ({"conditions": {"osVersion": {"atLeast": "1"}}}, "conditions.osVersion"),
        ({"conditions": {"time": {"days": ["friday"]}}}, "conditions.time"),
        ({"conditions": {"time": {"zone": "Europe/Munich"}}}, "conditions.time"),
        ({"conditions": {"time": {"zone": "../../etc/passwd"}}}, "conditions.time"),
        ({"conditions": {"time": {"zone": "UTC", "from": "8"}}}, "conditions.time"),
        ({"conditions": {"all": [{"expression": "country =="}]}}, "conditions.all.0.expression"),
        ({"conditions": {"expression": "colour == 'red'"}}, "conditions.expression"),
    ],
)
def test_a_mistake_is_refused_with_its_place(fields: dict[str, Any], expected: str) -> None:
    assert faults(**fields) == [expected]


def test_every_part_that_is_wrong_is_named_at_once() -> None:
    assert faults(conditions={"x": 1}, effect={}, targets={"users": 1}) == [
        "targets.users",
        "conditions.x",
        "effect.action",
    ]


def test_depth_and_number_of_conditions_are_bounded() -> None:
    condition_parsing.parse(nested(9))
    for too_much in (nested(10), {"all": [{"deviceManaged": True}] * 100}):
        with pytest.raises(Malformed):
            condition_parsing.parse(too_much)


@settings(max_examples=60)
@given(targets=targets(), conditions=CONDITIONS, effect=EFFECTS)
def test_every_policy_of_these_forms_is_read(
    targets: dict[str, Any], conditions: dict[str, Any], effect: dict[str, Any]
) -> None:
    parse("1", Document("P", targets=targets, conditions=conditions, effect=effect))


def test_the_lists_that_conditions_name_are_found_however_deep() -> None:
    given = {"any": [{"not": {"ipAddressNotIn": ["a"]}}, {"all": [{"ipAddressIn": ["b", "c"]}]}]}
    assert condition_parsing.address_lists(given) == {"a", "b", "c"}


def test_entries_of_a_list_are_addresses_networks_and_ranges_of_both_versions() -> None:
    entries = ["192.0.2.1", "192.0.2.5/24", "2001:db8::1-2001:db8::9", " 198.51.100.0/30 "]
    assert list(malformed(entries)) == []
    wrong = ["192.0.2", "192.0.2.9-192.0.2.1", "192.0.2.1-2001:db8::1", "x", "", "1" * 200, "/8"]
    assert list(malformed(wrong)) == wrong


def test_a_list_of_thousands_answers_like_one_look_at_each_entry() -> None:
    entries = [f"10.{high}.{low}.0/25" for high in range(20) for low in range(200)]
    addresses = AddressList.of("1", "Many", [*entries, "10.0.0.0/24"])
    assert addresses.holds((4, int.from_bytes(bytes([10, 19, 199, 127]))))
    assert addresses.holds((4, int.from_bytes(bytes([10, 0, 0, 200]))))
    assert not addresses.holds((4, int.from_bytes(bytes([10, 19, 199, 128]))))
    assert not addresses.holds((6, int.from_bytes(bytes([10, 0, 0, 1]))))
