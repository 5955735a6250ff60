"""One record that the directory cannot take ends as that employee's outcome, and no other's."""

from __future__ import annotations

import pytest

from rollcall.directory.models import User
from rollcall.provisioning.change import Change, Result
from rollcall.targets.builtin.target import BuiltinTarget
from tests.targets.builtin.people import Ledger, change, employee, hire, person

pytestmark = pytest.mark.django_db


def apply(*changes: Change) -> Ledger:
    ledger = Ledger()
    BuiltinTarget("personio").apply(changes, ledger)
    assert len(ledger.outcomes) == len(changes)
    return ledger


def error_of(ledger: Ledger, employee_id: str) -> tuple[Result, str]:
    outcome = ledger.outcomes[employee_id]
    assert outcome.error is not None
    assert outcome.error.text()
    return outcome.result, outcome.error.code


def test_a_taken_email_is_a_conflict_of_that_employee_alone() -> None:
    holder = person(99, email="mara@example.org")
    ledger = apply(*[hire(n) for n in range(1, 8)], hire(8, email="Mara@example.org"), hire(9))
    assert error_of(ledger, "8") == (Result.CONFLICT, "email_taken")
    error = ledger.outcomes["8"].error
    assert error is not None
    assert error.params["with_whom"] == holder.id
    created = {key for key, one in ledger.outcomes.items() if one.result is Result.CREATED}
    assert created == {"1", "2", "3", "4", "5", "6", "7", "9"}
    assert User.objects.count() == 9


def test_an_update_to_a_taken_email_leaves_the_user_as_it_was() -> None:
    person(99, email="mara@example.org")
    user, other = employee(1), employee(2)
    ledger = apply(
        change(user, email="mara@example.org", jobTitle="A"), change(other, jobTitle="B")
    )
    assert error_of(ledger, "1") == (Result.CONFLICT, "email_taken")
    assert ledger.outcomes["1"].user_id == user.id
    user.refresh_from_db()
    other.refresh_from_db()
    assert (user.email, user.jobTitle, other.jobTitle) == ("person1@example.org", "", "B")


def test_a_taken_identifier_is_a_conflict() -> None:
    person(99, employeeIdentifier="1007")
    ledger = apply(hire(1, employeeIdentifier="1007"), hire(2, employeeIdentifier="1008"))
    assert error_of(ledger, "1") == (Result.CONFLICT, "identifier_taken")
    assert ledger.outcomes["2"].result is Result.CREATED


def test_an_employee_whom_another_user_carries_is_a_conflict() -> None:
    employee(1)
    stranger = person(2)
    ledger = apply(change(stranger, external_id="1", jobTitle="A"))
    assert error_of(ledger, "1") == (Result.CONFLICT, "employee_taken")


def test_a_username_taken_meanwhile_gets_the_next_free_number() -> None:
    person(98, username="Mara")
    person(99, username="mara2")
    ledger = apply(hire(1, username="mara"), hire(2))
    assert {one.result for one in ledger.outcomes.values()} == {Result.CREATED}
    assert User.objects.get(identities__external_id="1").username == "mara3"


def test_a_numbered_username_keeps_to_the_limit() -> None:
    name = "m" * 30
    person(99, username=name)
    apply(hire(1, username=name))
    assert User.objects.get(identities__external_id="1").username == "m" * 29 + "2"


def test_a_taken_email_is_told_before_a_taken_username() -> None:
    person(97, username="mara")
    person(98, email="mara@example.org")
    ledger = apply(hire(1, username="mara", email="mara@example.org"))
    assert error_of(ledger, "1") == (Result.CONFLICT, "email_taken")


def test_a_user_deleted_meanwhile_fails_and_is_not_brought_back() -> None:
    user, other = employee(1), employee(2)
    changes = [change(user, jobTitle="A"), change(other, jobTitle="B")]
    user.delete()
    ledger = apply(*changes)
    assert error_of(ledger, "1") == (Result.FAILED, "user_gone")
    assert list(User.objects.values_list("jobTitle", flat=True)) == ["B"]


@pytest.mark.parametrize(
    "values",
    [
        {"department": "x" * 1025},
        {"username": "9lives"},
        {"username": "mara@example"},
        {"state": "ASLEEP"},
        {"email": ""},
        {"shoe size": "44"},
    ],
)
def test_a_value_that_no_user_may_have_fails_that_employee(values: dict[str, str]) -> None:
    ledger = apply(hire(1), hire(2, **values), hire(3))
    assert error_of(ledger, "2") == (Result.FAILED, "value_refused")
    assert User.objects.count() == 2


def test_half_a_pair_of_surrogates_is_refused_as_at_every_door_and_of_that_employee_alone() -> None:
    # an import's plan leaves such a value out; this is one that came past it
    ledger = apply(hire(1, lastname="half a pair \ud800"), hire(2))
    assert error_of(ledger, "1") == (Result.FAILED, "value_refused")
    assert ledger.outcomes["2"].result is Result.CREATED


def test_absurd_but_allowed_texts_are_kept() -> None:
    text = "".join(chr(0x20000 + n) for n in range(1024))
    apply(hire(1, description=text))
    assert User.objects.get().description == text
