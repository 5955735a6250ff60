"""Which fields of a user an import writes, and which it leaves alone."""

from __future__ import annotations

from datetime import date

import pytest

from rollcall.provisioning.change import Kind
from rollcall.provisioning.employee import UNKNOWN, CostCenter, Employee, Supervisor
from rollcall.provisioning.mapping import DEFAULT_MAPPING, AttributeMapping, MappingRule
from rollcall.provisioning.plan import plan
from rollcall.provisioning.rules import Rules
from tests.provisioning.world import codes, differences, employee, planned, the_change, user


def test_a_new_user_gets_all_eleven_attributes() -> None:
    boss = employee("2", first_name="Ngozi", last_name="Brandt")
    one = employee("1", supervisor=Supervisor("2"), cost_centers=(CostCenter("4100", 100.0),))
    change = planned([one, boss])["1"]
    assert change.kind is Kind.CREATE
    assert {name: after for name, (_, after) in differences(change).items()} == {
        "username": "mara1",
        "email": "mara1@example.org",
        "firstname": "Mara",
        "lastname": "Voß",
        "jobTitle": "Buyer",
        "employeeType": "internal",
        "company": "Example GmbH",
        "location": "Kiel",
        "department": "Purchasing",
        "costCenter": "4100",
        "state": "STAGED",
        "manager": None,
    }
    assert change.manager is not None
    assert change.manager.employee_id == "2"
    assert change.external_id == "1"


def test_a_user_that_has_every_value_is_unchanged() -> None:
    change = the_change(employee(), user())
    assert (change.kind, change.fields, change.user_id) == (Kind.UNCHANGED, (), user().id)


def test_an_update_shows_before_and_after_and_names_the_fields() -> None:
    change = the_change(employee(position="Head of Buying", office="Lübeck"), user())
    assert change.kind is Kind.UPDATE
    assert differences(change) == {
        "jobTitle": ("Buyer", "Head of Buying"),
        "location": ("Kiel", "Lübeck"),
    }
    assert (
        change.reason.text("Personio")
        == "Personio's values differ from the directory's in jobTitle, location."
    )


def test_what_personio_leaves_out_changes_nothing() -> None:
    assert the_change(Employee("1", status="active"), user()).kind is Kind.UNCHANGED


def test_what_is_empty_in_personio_becomes_empty_in_the_directory() -> None:
    change = the_change(employee(position="", office=None, cost_centers=()), user())
    assert differences(change) == {
        "jobTitle": ("Buyer", ""),
        "location": ("Kiel", ""),
        "costCenter": ("4100", ""),
    }


def test_an_empty_value_that_was_never_set_is_no_change() -> None:
    assert the_change(employee(office=None), user(location="")).kind is Kind.UNCHANGED


def test_names_may_be_empty() -> None:
    change = the_change(employee(first_name="", last_name=None))
    assert change.kind is Kind.CREATE
    assert change.name == "mara1@example.org"


def test_the_username_of_a_user_is_never_changed() -> None:
    change = the_change(employee(email="new.name@example.org"), user(username="old.name"))
    assert set(differences(change)) == {"email"}


def test_a_custom_attribute_is_set_changed_and_emptied() -> None:
    rule = MappingRule("dynamic_7", "attributes.shirt")
    rules = Rules(AttributeMapping((*DEFAULT_MAPPING.rules, rule)))
    has_s = user(attributes={"shirt": "S"})
    set_ = the_change(employee(custom={"dynamic_7": "M"}), user(), rules=rules)
    changed = the_change(employee(custom={"dynamic_7": "M"}), has_s, rules=rules)
    emptied = the_change(employee(custom={"dynamic_7": None}), has_s, rules=rules)
    unknown = the_change(employee(), has_s, rules=rules)
    assert differences(set_) == {"attributes.shirt": (None, "M")}
    assert differences(changed) == {"attributes.shirt": ("S", "M")}
    assert differences(emptied) == {"attributes.shirt": ("S", "")}
    assert unknown.kind is Kind.UNCHANGED


def test_a_date_is_written_as_iso_8601() -> None:
    rule = MappingRule("hire_date", "attributes.hireDate")
    rules = Rules(AttributeMapping((*DEFAULT_MAPPING.rules, rule)))
    change = the_change(employee(hire_date=date(2019, 4, 1)), rules=rules)
    assert change.after("attributes.hireDate") == "2019-04-01"


def test_an_employee_identifier_that_personio_empties_is_unset() -> None:
    rule = MappingRule("dynamic_7", "employeeIdentifier")
    rules = Rules(AttributeMapping((*DEFAULT_MAPPING.rules, rule)))
    one = employee(custom={"dynamic_7": ""})
    change = the_change(one, user(employeeIdentifier="A1"), rules=rules)
    assert differences(change) == {"employeeIdentifier": ("A1", None)}


def test_an_employee_id_that_cannot_be_kept_is_invalid_and_says_so() -> None:
    change = the_change(employee("x" * 65, email="mara@example.org"))
    assert change.kind is Kind.INVALID
    assert "x" * 64 in change.reason.text()


def test_changes_stand_in_the_order_of_the_employee_numbers() -> None:
    people = [employee(number) for number in ("10", "9", "b", "100", "007")]
    made = plan(people, [], Rules())
    assert [one.employee_id for one in made.changes] == ["007", "9", "10", "100", "b"]


def test_an_employee_listed_twice_is_refused_since_it_was_to_be_decided_at_the_read() -> None:
    with pytest.raises(ValueError, match="listed twice"):
        plan([employee(), employee(), employee("2")], [], Rules())


def test_an_attribute_that_nobody_carries_is_a_warning_of_the_plan() -> None:
    made = plan([employee(supervisor=UNKNOWN)], [], Rules())
    (warning,) = made.warnings
    assert warning.text("Personio").startswith("Personio gave supervisor for nobody")


def test_users_whose_employee_personio_no_longer_lists_are_counted() -> None:
    (warning,) = plan([employee("1")], [user(1), user(2), user(3)], Rules()).warnings
    assert (warning.code, warning.params["count"]) == ("users_without_employee", "2")


def test_an_attribute_that_is_not_mapped_is_left_alone() -> None:
    rules = tuple(one for one in DEFAULT_MAPPING.rules if one.target not in ("location", "manager"))
    one = employee(office="Elsewhere", supervisor=Supervisor("99"))
    change = the_change(one, user(), rules=Rules(AttributeMapping(rules)))
    assert change.kind is Kind.UNCHANGED
    assert not codes(change)
