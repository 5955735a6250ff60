"""Which user of the directory an employee is."""

from __future__ import annotations

from rollcall.provisioning.change import Kind
from rollcall.provisioning.employee import UNKNOWN
from rollcall.provisioning.mapping import DEFAULT_MAPPING, AttributeMapping, MappingRule
from rollcall.provisioning.rules import Rules
from tests.provisioning.world import codes, differences, employee, planned, the_change, user

WITH_IDENTIFIER = Rules(
    AttributeMapping((*DEFAULT_MAPPING.rules, MappingRule("id", "employeeIdentifier")))
)


def test_a_changed_email_updates_the_user_that_carries_the_employee() -> None:
    change = the_change(employee(email="mara.berg@example.org", last_name="Berg"), user())
    assert (change.kind, change.user_id) == (Kind.UPDATE, user().id)
    assert differences(change) == {
        "lastname": ("Voß", "Berg"),
        "email": ("mara1@example.org", "mara.berg@example.org"),
    }
    assert change.external_id is None


def test_a_stranger_with_the_employee_s_email_becomes_their_user() -> None:
    change = the_change(employee(email=" MARA1@Example.org "), user(external_id=None))
    assert (change.kind, change.user_id, change.external_id) == (Kind.UPDATE, user().id, "1")
    assert change.fields == ()
    assert "mara1@example.org was in the directory already" in change.reason.text()


def test_the_id_counts_more_than_the_email() -> None:
    carries_id = user(1, email="old@example.org")
    has_email = user(2, email="mara1@example.org", external_id=None)
    change = the_change(employee(), carries_id, has_email)
    assert change.kind is Kind.CONFLICT
    assert change.user_id == carries_id.id
    assert change.with_whom == (has_email.id,)


def test_everyone_s_id_counts_before_anyone_s_email() -> None:
    moved = employee("1", email="mara9@example.org")
    newcomer = employee("2", email="mara1@example.org")
    changes = planned([newcomer, moved], [user(1)])
    assert changes["1"].user_id == user(1).id
    assert changes["2"].kind is Kind.CREATE


def test_a_user_of_another_employee_is_never_matched_by_email() -> None:
    people = [employee("1"), employee("7", email=UNKNOWN)]
    change = planned(people, [user(7, email="mara1@example.org")])["1"]
    assert change.kind is Kind.CONFLICT
    assert change.with_whom == ("7", user(7).id)
    assert "belongs to the user" in change.reason.text()
    assert "of the employee 7" in change.reason.text()


def test_the_employee_identifier_matches_where_it_is_mapped() -> None:
    stranger = user(5, email="m.voss@example.org", employeeIdentifier="1", external_id=None)
    mapped = the_change(employee("1"), stranger, rules=WITH_IDENTIFIER)
    assert (mapped.kind, mapped.user_id, mapped.external_id) == (Kind.UPDATE, stranger.id, "1")
    assert mapped.reason.code == "adopted_by_identifier"
    assert the_change(employee("1"), stranger).kind is Kind.CREATE


def test_two_employees_with_one_email_are_a_conflict_that_names_both_and_touches_neither() -> None:
    one = employee("1", email="team@example.org", position="New")
    other = employee("2", email=" Team@Example.org", status="onboarding")
    changes = planned([one, other], [user(1)])
    assert {change.kind for change in changes.values()} == {Kind.CONFLICT}
    assert changes["1"].with_whom == ("2",)
    assert changes["2"].with_whom == ("1",)
    assert changes["1"].fields == ()
    assert changes["1"].reason.text("Personio") == (
        "The e-mail team@example.org is also that of 2 in Personio. A user belongs to one "
        "employee: give each an e-mail of their own in Personio."
    )


def test_more_than_two_employees_with_one_email_all_name_each_other() -> None:
    changes = planned([employee(number, email="team@example.org") for number in "123"])
    assert changes["2"].with_whom == ("1", "3")
    assert {change.kind for change in changes.values()} == {Kind.CONFLICT}


def test_an_email_shared_by_thousands_names_the_first_of_them() -> None:
    people = [employee(str(number), email="team@example.org") for number in range(5000)]
    change = planned(people)["4999"]
    assert len(change.with_whom) == 50
    assert "(+4989)" in change.reason.text()


def test_two_employees_claiming_one_user_are_a_conflict() -> None:
    stranger = user(5, email="mara1@example.org", employeeIdentifier="2", external_id=None)
    changes = planned([employee("1"), employee("2")], [stranger], WITH_IDENTIFIER)
    assert {change.kind for change in changes.values()} == {Kind.CONFLICT}
    assert changes["1"].with_whom == ("2", stranger.id)
    assert changes["2"].with_whom == ("1", stranger.id)
    assert changes["1"].user_id is None


def test_several_users_that_carry_one_employee_are_a_conflict_that_names_them() -> None:
    change = the_change(employee(), user(1), user(2, external_id="1"))
    assert change.kind is Kind.CONFLICT
    assert change.with_whom == (user(1).id, user(2).id)


def test_several_users_with_one_email_are_a_conflict_that_names_them() -> None:
    twins = [user(number, email="mara1@example.org", external_id=None) for number in (5, 6)]
    change = the_change(employee(), *twins)
    assert change.kind is Kind.CONFLICT
    assert change.with_whom == (user(5).id, user(6).id)
    assert user(5).id in change.reason.text()


def test_a_leaver_met_by_email_is_suspended_and_carried_from_then_on() -> None:
    change = the_change(employee(status="inactive"), user(external_id=None))
    assert (change.kind, change.external_id) == (Kind.SUSPEND, "1")
    assert codes(change) == {"adopted_by_email", "origin_unknown"}
