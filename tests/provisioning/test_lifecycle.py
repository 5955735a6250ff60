"""What an employee's status does to a new, a staged, an active and a suspended user."""

from __future__ import annotations

import pytest

from rollcall.provisioning.change import Kind
from rollcall.provisioning.employee import UNKNOWN
from rollcall.provisioning.plan import plan
from rollcall.provisioning.rules import Rules
from rollcall.provisioning.user import State
from tests.provisioning.world import codes, differences, employee, the_change, user

WORKING = pytest.mark.parametrize("status", ["active", "onboarding", " Active "])
NOT_WORKING = pytest.mark.parametrize("status", ["inactive", "leave"])


@WORKING
def test_a_new_person_who_works_is_created_in_the_default_state(status: str) -> None:
    staged = the_change(employee(status=status))
    assert (staged.kind, staged.after("state")) == (Kind.CREATE, "STAGED")
    active = the_change(employee(status=status), rules=Rules(default_state=State.ACTIVATED))
    assert active.after("state") == "ACTIVATED"


def test_a_new_user_is_never_suspended_by_default() -> None:
    with pytest.raises(ValueError, match="default_state"):
        Rules(default_state=State.SUSPENDED)


@NOT_WORKING
def test_a_new_person_who_does_not_work_is_skipped_with_the_reason(status: str) -> None:
    change = the_change(employee(status=status))
    assert change.kind is Kind.SKIP
    assert f"status in Personio is {status}" in change.reason.text("Personio")


@WORKING
@pytest.mark.parametrize("state", [State.STAGED, State.ACTIVATED])
def test_a_user_whose_employee_works_stays_staged_or_active(status: str, state: State) -> None:
    assert the_change(employee(status=status), user(state=state)).kind is Kind.UNCHANGED


def test_a_staged_user_is_activated_only_where_the_rules_say_so() -> None:
    rules = Rules(activate_staged=True)
    change = the_change(employee(), user(state=State.STAGED), rules=rules)
    assert change.kind is Kind.ACTIVATE
    assert differences(change) == {"state": ("STAGED", "ACTIVATED")}


@NOT_WORKING
@pytest.mark.parametrize("state", [State.STAGED, State.ACTIVATED])
def test_a_user_whose_employee_does_not_work_is_suspended(status: str, state: State) -> None:
    change = the_change(employee(status=status), user(state=state))
    assert change.kind is Kind.SUSPEND
    assert differences(change) == {"state": (state.value, "SUSPENDED")}
    assert status in change.reason.text()


@NOT_WORKING
def test_a_suspended_user_whose_employee_does_not_work_stays_so(status: str) -> None:
    change = the_change(employee(status=status), user(state=State.SUSPENDED))
    assert change.kind is Kind.UNCHANGED


@WORKING
def test_a_suspended_user_whose_employee_is_back_is_reactivated_where_allowed(status: str) -> None:
    rules = Rules(reactivation_allowed=True)
    change = the_change(employee(status=status), user(state=State.SUSPENDED), rules=rules)
    assert change.kind is Kind.REACTIVATE
    assert differences(change) == {"state": ("SUSPENDED", "ACTIVATED")}


def test_a_suspended_user_whose_employee_is_back_stays_suspended_with_a_warning() -> None:
    change = the_change(employee(), user(state=State.SUSPENDED))
    assert change.kind is Kind.UNCHANGED
    assert codes(change) == {"reactivation_not_allowed"}


def test_fields_are_updated_alongside_a_change_of_state() -> None:
    change = the_change(employee(status="leave", position="Head"), user())
    assert change.kind is Kind.SUSPEND
    assert differences(change) == {
        "jobTitle": ("Buyer", "Head"),
        "state": ("ACTIVATED", "SUSPENDED"),
    }


def test_fields_of_a_suspended_user_are_kept_up_to_date() -> None:
    change = the_change(employee(status="leave", position="Head"), user(state=State.SUSPENDED))
    assert (change.kind, set(differences(change))) == (Kind.UPDATE, {"jobTitle"})


@pytest.mark.parametrize("state", State)
def test_an_unknown_status_word_changes_no_state_and_is_a_warning(state: State) -> None:
    change = the_change(employee(status="sabbatical"), user(state=state))
    assert change.kind is Kind.UNCHANGED
    assert codes(change) == {"state_kept_status_not_known"}


def test_a_new_person_with_an_unknown_status_word_is_skipped_naming_it() -> None:
    change = the_change(employee(status="sabbatical"))
    assert change.kind is Kind.SKIP
    assert "sabbatical" in change.reason.text()


def test_each_unknown_status_word_is_one_warning_of_the_plan() -> None:
    people = [employee(str(one), status="sabbatical") for one in range(5)]
    people.append(employee("9", status="Parental"))
    made = plan(people, [], Rules())
    assert [(one.params["status"], one.params["count"]) for one in made.warnings] == [
        ("parental", "1"),
        ("sabbatical", "5"),
    ]


@pytest.mark.parametrize("status", [UNKNOWN, None, ""])
def test_without_a_status_no_state_changes_and_nobody_is_created(status: object) -> None:
    for state in State:
        assert the_change(employee(status=status), user(state=state)).kind is Kind.UNCHANGED
    change = the_change(employee(status=status))
    assert (change.kind, change.reason.code) == (Kind.SKIP, "status_missing")


def test_a_status_that_is_there_and_empty_is_a_warning_and_one_left_out_is_not() -> None:
    assert codes(the_change(employee(status=None), user())) == {"state_kept_status_empty"}
    assert codes(the_change(employee(status=UNKNOWN), user())) == set()
