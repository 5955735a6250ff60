"""An e-mail or an employee identifier that passes from one user to another."""

from __future__ import annotations

import time

from rollcall.provisioning.change import Kind
from rollcall.provisioning.employee import Supervisor
from rollcall.provisioning.mapping import DEFAULT_MAPPING, AttributeMapping, MappingRule
from rollcall.provisioning.plan import plan
from rollcall.provisioning.rules import Rules
from rollcall.provisioning.user import User
from tests.provisioning.world import applied, codes, employee, planned, user

WITH_IDENTIFIER = Rules(
    AttributeMapping((*DEFAULT_MAPPING.rules, MappingRule("dynamic_7", "employeeIdentifier")))
)


def test_an_email_that_another_change_gives_up_is_taken_over_a_wave_later() -> None:
    leaves = employee("1", email="mara.berg@example.org")
    takes = employee("2", email="mara1@example.org")
    changes = planned([takes, leaves], [user(1), user(2)])
    assert (changes["1"].kind, changes["1"].wave) == (Kind.UPDATE, 0)
    assert (changes["2"].kind, changes["2"].wave) == (Kind.UPDATE, 1)


def test_a_newcomer_may_get_an_email_that_is_given_up() -> None:
    changes = planned(
        [employee("1", email="mara.berg@example.org"), employee("2", email="mara1@example.org")],
        [user(1)],
    )
    assert (changes["2"].kind, changes["2"].wave) == (Kind.CREATE, 1)


def test_a_chain_of_emails_is_a_wave_for_each_link() -> None:
    people = [employee(str(one), email=f"mara{one + 1}@example.org") for one in (1, 2, 3)]
    changes = planned(people, [user(1), user(2), user(3)])
    assert [changes[one].wave for one in "321"] == [0, 1, 2]


def test_later_waves_come_later_in_the_plan() -> None:
    people = [employee(str(one), email=f"mara{one + 1}@example.org") for one in (1, 2, 3)]
    made = plan(people, [user(1), user(2), user(3)], Rules())
    assert [one.employee_id for one in made.changes] == ["3", "2", "1"]


def test_two_who_swap_their_emails_are_both_in_conflict() -> None:
    people = [
        employee("1", email="mara2@example.org"),
        employee("2", email="mara1@example.org"),
    ]
    changes = planned(people, [user(1), user(2)])
    assert {one.kind for one in changes.values()} == {Kind.CONFLICT}
    assert changes["1"].with_whom == ("2", user(2).id)
    assert "circle" in changes["1"].reason.text()


def test_who_waits_for_a_circle_is_in_conflict_with_the_one_who_keeps_the_value() -> None:
    users = [user(1, employeeIdentifier="A1"), user(2, employeeIdentifier="A2")]
    people = [
        employee("1", email="mara2@example.org", custom={"dynamic_7": "A9"}),
        employee("2", email="mara1@example.org"),
        employee("3", custom={"dynamic_7": "A1"}),
    ]
    changes = planned(people, users, WITH_IDENTIFIER)
    assert changes["1"].reason.code == changes["2"].reason.code == "swap_by_employee"
    assert changes["3"].reason.code == "held_by_employee"
    assert changes["3"].with_whom == ("1", user(1).id)


def test_an_email_that_its_user_keeps_is_a_conflict_naming_that_user() -> None:
    changes = planned([employee("1", email="info@example.org")], [user(1), _info()])
    assert changes["1"].kind is Kind.CONFLICT
    assert changes["1"].with_whom == (_info().id,)
    assert changes["1"].fields == ()


def test_who_waits_for_somebody_in_conflict_is_in_conflict_too() -> None:
    people = [
        employee("1", email="info@example.org"),
        employee("2", email="mara1@example.org"),
        employee("3", email="mara2@example.org"),
    ]
    changes = planned(people, [user(1), user(2), user(3), _info()])
    assert {one.kind for one in changes.values()} == {Kind.CONFLICT}
    assert changes["3"].with_whom == ("2", user(2).id)


def test_employee_identifiers_are_taken_over_in_the_same_way() -> None:
    users = [user(1, employeeIdentifier="A1"), user(2, employeeIdentifier="A2")]
    people = [
        employee("1", custom={"dynamic_7": "A2"}),
        employee("2", custom={"dynamic_7": "A3"}),
    ]
    changes = planned(people, users, WITH_IDENTIFIER)
    assert (changes["1"].wave, changes["2"].wave) == (1, 0)
    swapped = [people[0], employee("2", custom={"dynamic_7": "A1"})]
    changes = planned(swapped, users, WITH_IDENTIFIER)
    assert {one.kind for one in changes.values()} == {Kind.CONFLICT}


def test_a_stranger_met_by_email_is_not_claimed_by_an_employee_in_conflict() -> None:
    stranger = user(1, external_id=None)
    keeps = user(2, employeeIdentifier="A2", external_id=None)
    one = employee("1", custom={"dynamic_7": "A2"})
    report = employee("3", supervisor=Supervisor("1"), custom={"dynamic_7": "A3"})
    changes = planned([one, report], [stranger, keeps], WITH_IDENTIFIER)
    assert (changes["1"].kind, changes["1"].user_id) == (Kind.CONFLICT, None)
    assert changes["3"].manager is None
    assert codes(changes["3"]) == {"supervisor_without_user"}


def test_two_employees_with_one_identifier_are_a_conflict() -> None:
    people = [employee(number, custom={"dynamic_7": "A1"}) for number in "12"]
    changes = planned(people, (), WITH_IDENTIFIER)
    assert changes["1"].with_whom == ("2",)
    assert changes["1"].kind is Kind.CONFLICT


def test_chains_and_circles_of_thousands_are_settled_in_no_time() -> None:
    size = 5000
    chain = [employee(str(one), email=f"mara{one + 1}@example.org") for one in range(size)]
    circle = [*chain[:-1], employee(str(size - 1), email="mara0@example.org")]
    users = [user(one) for one in range(size)]
    started = time.process_time()
    assert max(one.wave for one in planned(chain, users).values()) == size - 1
    assert {one.kind for one in planned(circle, users).values()} == {Kind.CONFLICT}
    assert time.process_time() - started < 5


def test_no_write_meets_a_value_that_is_still_taken() -> None:
    people = [employee(str(one), email=f"mara{one + 1}@example.org") for one in range(1, 30)]
    users = [user(one) for one in range(1, 30)]
    after = applied(plan(people, users, Rules()), users)
    assert {one.external_id: one.email for one in after} == {
        str(one): f"mara{one + 1}@example.org" for one in range(1, 30)
    }


def _info() -> User:
    return user(9, username="info", email="info@example.org", external_id=None)
