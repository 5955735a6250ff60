"""What an incomplete read may do, and what it never does."""

from __future__ import annotations

from rollcall.provisioning.change import Kind
from rollcall.provisioning.plan import plan
from rollcall.provisioning.rules import Rules
from tests.provisioning.world import codes, differences, employee, the_change, user

INCOMPLETE = Rules(complete=False)


def test_it_creates_and_updates() -> None:
    assert the_change(employee(), rules=INCOMPLETE).kind is Kind.CREATE
    assert the_change(employee(position="Head"), user(), rules=INCOMPLETE).kind is Kind.UPDATE


def test_it_suspends_nobody_and_says_so() -> None:
    change = the_change(employee(status="inactive"), user(), rules=INCOMPLETE)
    assert change.kind is Kind.UNCHANGED
    assert codes(change) == {"not_suspended_incomplete"}


def test_it_empties_no_field_and_names_those_that_it_kept() -> None:
    one = employee(position=None, office="", department="Sales")
    change = the_change(one, user(), rules=INCOMPLETE)
    assert differences(change) == {"department": ("Purchasing", "Sales")}
    (warning,) = change.warnings
    assert warning.text("Personio").startswith(
        "The values for jobTitle, location are empty in Personio"
    )


def test_it_takes_no_manager_away_and_says_so() -> None:
    change = the_change(employee(), user(manager=user(2).id), rules=INCOMPLETE)
    assert change.kind is Kind.UNCHANGED
    assert codes(change) == {"manager_kept_incomplete"}


def test_who_is_not_affected_is_not_warned() -> None:
    assert codes(the_change(employee(), user(), rules=INCOMPLETE)) == set()


def test_the_plan_says_once_that_it_was_incomplete() -> None:
    made = plan([employee()], [user(2)], INCOMPLETE)
    assert [one.code for one in made.warnings] == ["incomplete_read"]
