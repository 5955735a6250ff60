"""What becomes of an e-mail that is missing, wrong or written differently."""

from __future__ import annotations

import pytest

from rollcall.provisioning.change import Kind
from rollcall.provisioning.employee import UNKNOWN
from tests.provisioning.world import codes, differences, employee, the_change, user


@pytest.mark.parametrize("email", ["", None, "  ", UNKNOWN])
def test_a_new_person_without_an_email_is_invalid_naming_the_field(email: object) -> None:
    change = the_change(employee(email=email))
    assert change.kind is Kind.INVALID
    assert "The field email is empty" in change.reason.text()


@pytest.mark.parametrize("email", ["mara", "mara@", "@example.org", "mara@host", "a b@example.org"])
def test_a_new_person_with_a_wrong_email_is_invalid_naming_field_and_value(email: str) -> None:
    change = the_change(employee(email=email))
    assert change.kind is Kind.INVALID
    assert f"The value {email} of the field email" in change.reason.text()


def test_an_email_that_is_too_long_is_invalid_and_not_cut() -> None:
    assert the_change(employee(email="m" * 1020 + "@example.org")).kind is Kind.INVALID


def test_a_user_whose_employee_lost_the_email_keeps_it_and_gets_the_rest() -> None:
    change = the_change(employee(email=None, position="Head"), user())
    assert change.kind is Kind.UPDATE
    assert set(differences(change)) == {"jobTitle"}
    assert codes(change) == {"email_kept_empty"}
    assert change.email == "mara1@example.org"


def test_a_user_whose_employee_has_a_wrong_email_keeps_the_old_one_and_the_warning_names_it() -> (
    None
):
    change = the_change(employee(email="mara at example"), user())
    assert change.kind is Kind.UNCHANGED
    (warning,) = change.warnings
    assert "The value mara at example of the field email" in warning.text()


def test_an_email_that_personio_leaves_out_is_no_warning() -> None:
    assert codes(the_change(employee(email=UNKNOWN), user())) == set()


def test_someone_without_an_email_who_does_not_work_is_skipped() -> None:
    assert the_change(employee(email=None, status="inactive")).kind is Kind.SKIP


def test_emails_are_written_in_lower_case_and_trimmed() -> None:
    change = the_change(employee(email=" Mara.VOSS@Example.org\n"))
    assert change.after("email") == "mara.voss@example.org"


def test_a_difference_only_in_case_is_no_change() -> None:
    one = employee(email="MARA1@example.org")
    assert the_change(one, user(email="Mara1@Example.org")).kind is Kind.UNCHANGED
