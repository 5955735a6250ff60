"""Whom a user reports to after an import."""

from __future__ import annotations

import time

import pytest

from rollcall.provisioning.change import Kind, ManagerLink
from rollcall.provisioning.employee import UNKNOWN, Employee, Supervisor
from rollcall.provisioning.plan import plan
from rollcall.provisioning.rules import Rules
from tests.provisioning.world import (
    applied,
    codes,
    differences,
    employee,
    planned,
    the_change,
    user,
)


def reports_to(number: str, boss: str, email: str | None = None, **known: object) -> Employee:
    """Somebody at work with this supervisor."""
    return employee(number, supervisor=Supervisor(boss, email), **known)


def test_a_manager_who_is_there_is_linked_by_directory_id() -> None:
    changes = planned([reports_to("1", "2"), employee("2")], [user(1), user(2)])
    assert changes["1"].kind is Kind.LINK_MANAGER
    assert changes["1"].manager == ManagerLink(user_id=user(2).id)
    assert differences(changes["1"]) == {"manager": (None, user(2).id)}


@pytest.mark.parametrize("first", [0, 1])
def test_a_manager_made_by_the_same_plan_is_linked_whoever_arrives_first(first: int) -> None:
    people = [reports_to("1", "2"), employee("2")]
    made = plan([people[first], people[1 - first]], [], Rules())
    assert made.changes[0].manager == ManagerLink(employee_id="2")
    by_employee = {one.external_id: one for one in applied(made, [])}
    assert by_employee["1"].manager == by_employee["2"].id


def test_a_manager_who_was_not_fetched_is_found_in_the_directory_by_id() -> None:
    change = the_change(reports_to("1", "2"), user(1), user(2))
    assert change.manager == ManagerLink(user_id=user(2).id)


def test_a_manager_nobody_carries_is_found_by_the_supervisor_s_email() -> None:
    boss = user(2, external_id=None, email="Boss@Example.org")
    change = the_change(reports_to("1", "77", "boss@example.org"), user(1), boss)
    assert change.manager == ManagerLink(user_id=boss.id)


def test_the_email_of_a_user_who_is_another_employee_does_not_make_a_manager() -> None:
    boss = user(2, email="boss@example.org")
    change = the_change(reports_to("1", "77", "boss@example.org"), user(1), boss)
    assert (change.manager, codes(change)) == (None, {"supervisor_not_found"})


def test_a_manager_that_is_set_already_is_no_change() -> None:
    users = [user(1, manager=user(2).id), user(2)]
    assert the_change(reports_to("1", "2"), *users).kind is Kind.UNCHANGED


def test_a_supervisor_who_is_nowhere_is_a_warning_and_the_manager_stays() -> None:
    change = the_change(reports_to("1", "77"), user(1, manager=user(2).id), user(2))
    assert (change.kind, change.fields) == (Kind.UNCHANGED, ())
    assert [one.text() for one in change.warnings] == [
        "The supervisor (employee 77) is not in the directory; the manager stays as it is."
    ]


def test_a_supervisor_who_gets_no_user_is_a_warning_naming_the_supervisor() -> None:
    left = employee("2", status="inactive")
    changes = planned([reports_to("1", "2"), left])
    assert changes["1"].kind is Kind.CREATE
    assert changes["1"].manager is None
    assert codes(changes["1"]) == {"supervisor_without_user"}
    assert "employee 2" in changes["1"].warnings[0].text()


def test_a_supervisor_in_conflict_who_has_a_user_is_linked_all_the_same() -> None:
    people = [
        reports_to("1", "2"),
        employee("2", email="team@example.org"),
        employee("3", email="team@example.org"),
    ]
    changes = planned(people, [user(2)])
    assert changes["2"].kind is Kind.CONFLICT
    assert changes["1"].manager == ManagerLink(user_id=user(2).id)


def test_an_employee_without_a_supervisor_has_no_manager_any_more() -> None:
    change = the_change(employee(), user(1, manager=user(2).id))
    assert change.kind is Kind.LINK_MANAGER
    assert change.manager == ManagerLink()
    assert differences(change) == {"manager": (user(2).id, None)}


def test_a_supervisor_that_personio_leaves_out_changes_no_manager() -> None:
    change = the_change(employee(supervisor=UNKNOWN), user(1, manager=user(2).id))
    assert change.kind is Kind.UNCHANGED


def test_who_supervises_himself_keeps_the_manager_and_is_a_warning() -> None:
    change = the_change(reports_to("1", "1"), user(1, manager=user(2).id))
    assert (change.kind, codes(change)) == (Kind.UNCHANGED, {"supervises_self"})


def test_every_member_of_a_circle_is_warned_and_left_as_it_is_and_nobody_else() -> None:
    people = [
        reports_to("1", "2"),
        reports_to("2", "3"),
        reports_to("3", "1"),
        reports_to("4", "1"),
    ]
    changes = planned(people)
    for member in "123":
        assert changes[member].kind is Kind.CREATE
        assert changes[member].manager is None
        assert codes(changes[member]) == {"supervisor_circle"}
    assert changes["4"].manager == ManagerLink(employee_id="1")
    assert codes(changes["4"]) == set()


def test_a_circle_through_a_user_whom_personio_does_not_list_is_noticed() -> None:
    outsider = user(9, manager=user(1).id)
    change = the_change(reports_to("1", "9"), user(1), outsider)
    assert (change.kind, codes(change)) == (Kind.UNCHANGED, {"supervisor_circle"})


def test_the_manager_changes_along_with_other_fields() -> None:
    changes = planned([reports_to("1", "2", position="Head"), employee("2")], [user(1), user(2)])
    assert changes["1"].kind is Kind.UPDATE
    assert set(differences(changes["1"])) == {"jobTitle", "manager"}
    assert "jobTitle" in changes["1"].reason.text()


def test_a_chain_and_a_circle_of_ten_thousand_are_no_burden() -> None:
    size = 10_000
    chain = [reports_to(str(one), str(one + 1)) for one in range(size - 1)]
    started = time.process_time()
    linked = planned([*chain, employee(str(size - 1))])
    assert sum(one.manager is not None for one in linked.values()) == size - 1
    circle = planned([*chain, reports_to(str(size - 1), "0")])
    assert all(codes(one) == {"supervisor_circle"} for one in circle.values())
    assert time.process_time() - started < 10


def test_a_circle_that_a_kept_manager_would_close_is_foreseen() -> None:
    above = {"1": "2", "2": "3", "3": "3"}
    people = [employee(one, supervisor=Supervisor(boss)) for one, boss in above.items()]
    users = [user(1), user(2, manager=user(1).id), user(3, manager=user(1).id)]
    changes = planned(people, users)
    assert {one: codes(change) for one, change in changes.items()} == {
        "1": {"supervisor_circle"},
        "2": {"supervisor_circle"},
        "3": {"supervises_self"},
    }
    assert all(change.manager is None for change in changes.values())
