"""Which attribute mappings there can be, and what an import asks Personio for because of them."""

from __future__ import annotations

import pytest

from rollcall.provisioning.mapping import (
    DEFAULT_MAPPING,
    AttributeMapping,
    MappingError,
    MappingRule,
)


def test_the_default_mapping_carries_the_eleven_attributes_of_the_vendor_s_connector() -> None:
    assert [(rule.source, rule.target) for rule in DEFAULT_MAPPING.rules] == [
        ("first_name", "firstname"),
        ("last_name", "lastname"),
        ("email", "email"),
        ("status", "state"),
        ("position", "jobTitle"),
        ("supervisor", "manager"),
        ("employment_type", "employeeType"),
        ("subcompany", "company"),
        ("office", "location"),
        ("department", "department"),
        ("cost_centers", "costCenter"),
    ]


def test_what_is_asked_for_is_what_the_mapping_reads_and_what_every_import_needs() -> None:
    small = AttributeMapping(
        (
            MappingRule("email", "email"),
            MappingRule("status", "state"),
            MappingRule("id", "employeeIdentifier"),
            MappingRule("dynamic_7", "attributes.shirt"),
        )
    )
    assert small.needed_attributes() == ("email", "status", "hire_date", "dynamic_7")
    assert DEFAULT_MAPPING.needed_attributes() == (
        "first_name",
        "last_name",
        "email",
        "status",
        "position",
        "supervisor",
        "employment_type",
        "subcompany",
        "office",
        "department",
        "cost_centers",
        "hire_date",
    )


def test_the_version_is_short_and_changes_with_the_rules_only() -> None:
    same = AttributeMapping(tuple(reversed(DEFAULT_MAPPING.rules)))
    other = AttributeMapping(DEFAULT_MAPPING.rules[1:])
    assert DEFAULT_MAPPING.version() == same.version() != other.version()
    assert len(DEFAULT_MAPPING.version()) == 12


@pytest.mark.parametrize(
    ("source", "target", "said"),
    [
        ("first_nam", "firstname", "source: employees have no attribute 'first_nam'"),
        ("office", "lokation", "target: the directory has no field 'lokation'"),
        ("office", "attributes.two words", "has no field 'attributes.two words'"),
        ("email", "username", "target: 'username' comes from the e-mail"),
        ("supervisor", "jobTitle", "'supervisor' cannot fill 'jobTitle'"),
        ("office", "manager", "'office' cannot fill 'manager'"),
        ("status", "description", "'status' cannot fill 'description'"),
    ],
)
def test_a_rule_that_cannot_be_followed_is_refused_naming_field_and_value(
    source: str, target: str, said: str
) -> None:
    with pytest.raises(MappingError) as refused:
        MappingRule(source, target)
    assert said in str(refused.value)


def test_two_attributes_cannot_fill_one_field() -> None:
    rule = MappingRule("dynamic_7", "location")
    with pytest.raises(MappingError, match="'location' is filled by both 'office' and 'dynamic_7'"):
        AttributeMapping((*DEFAULT_MAPPING.rules, rule))


@pytest.mark.parametrize("target", ["email", "state"])
def test_the_email_and_the_state_have_to_be_filled(target: str) -> None:
    rules = tuple(one for one in DEFAULT_MAPPING.rules if one.target != target)
    with pytest.raises(MappingError, match=f"nothing fills '{target}'"):
        AttributeMapping(rules)


def test_one_attribute_may_fill_several_fields() -> None:
    rule = MappingRule("office", "attributes.site")
    assert AttributeMapping((*DEFAULT_MAPPING.rules, rule)).source_of("attributes.site") == "office"
