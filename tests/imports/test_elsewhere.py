"""Two accounts that know one user: away at the one and at work at the other is at work."""

from __future__ import annotations

from pathlib import Path

import pytest

from rollcall.directory import services
from rollcall.directory.models import ExternalIdentity, User
from rollcall.directory.services import HAND, UserChange
from rollcall.imports import presenter, ticks
from rollcall.imports.models import ChangeRecord, Run, StagedEmployee
from rollcall.imports.options import Options
from tests.actors import TESTER
from tests.imports.returning import Company, approved, carry_out, outcomes, picture, started

pytestmark = pytest.mark.django_db

OPTIONS = Options(default_state="ACTIVATED")


@pytest.fixture
def north(tmp_path: Path) -> Company:
    """Where Ada works first."""
    company = Company("north", tmp_path / "north.csv")
    company.hire("a", "ada@north.example", "Ada", "Byron")
    return company


@pytest.fixture
def south(tmp_path: Path) -> Company:
    """Where Ada goes."""
    company = Company("south", tmp_path / "south.csv")
    company.hire("z", "zoe@south.example", "Zoe", "Ost")
    company.hire("a", "ada@north.example", "Ada", "Byron")
    return company


def imported(company: Company, options: Options = OPTIONS, **choices: bool) -> Run:
    company.hand_out(0)
    return carry_out(started(company, options, **choices))


def leaves(company: Company) -> None:
    for record in company.of("a"):
        company.change(record, status="inactive", email="old@north.example", last="Alt")


def ada() -> User:
    return User.objects.get(firstname="Ada")


def why(run: Run, employee_id: str) -> str:
    row = ChangeRecord.objects.get(run=run, employee_id=employee_id)
    names = presenter.Names(run)
    names.learn([row])
    return presenter.why(row, "CSV file", names)


def test_an_inactive_record_suspends_nobody_whom_another_account_has_at_work(
    north: Company, south: Company
) -> None:
    imported(north)
    imported(south)
    leaves(north)
    before = picture()
    run = imported(north)
    assert outcomes(run) == {"1": ("skip", "skipped")}
    assert picture() == before
    assert "has the same user at work (employee 2)" in why(run, "1")


def test_who_has_left_both_is_suspended_by_either(north: Company, south: Company) -> None:
    imported(north)
    imported(south)
    leaves(north)
    leaves(south)
    # as far as has been read, each is at work at the other one still
    assert outcomes(imported(south))["2"] == ("skip", "skipped")
    assert outcomes(imported(north)) == {"1": ("suspend", "suspended")}


def test_an_account_that_lists_the_person_no_more_holds_no_access(
    north: Company, south: Company
) -> None:
    imported(north)
    imported(south)
    leaves(north)
    south.records = south.of("z")
    imported(south)
    assert outcomes(imported(north)) == {"1": ("suspend", "suspended")}


def test_what_was_read_too_long_ago_holds_no_access(north: Company, south: Company) -> None:
    imported(north)
    imported(south)
    leaves(north)
    StagedEmployee.objects.filter(run__connection__key=south.key).delete()
    assert outcomes(imported(north)) == {"1": ("suspend", "suspended")}


def test_a_preview_carried_out_late_suspends_nobody_who_is_at_work_elsewhere_by_now(
    north: Company, south: Company
) -> None:
    imported(north)
    leaves(north)
    planned = imported(north, review=True)
    assert planned.counts == {"suspend": 1}
    imported(south)
    run = approved(planned)
    assert outcomes(run) == {"1": ("suspend", "skipped")}
    assert "at work (employee 2)" in why(run, "1")
    assert ada().state == "ACTIVATED"


def test_a_suspended_user_of_another_account_is_taken_over_only_with_a_tick(
    north: Company, south: Company
) -> None:
    imported(north)
    services.update_users(TESTER, HAND, [UserChange(ada().pk, {"state": "SUSPENDED"})])
    run = imported(south)
    assert outcomes(run)["2"] == ("conflict", "conflict")
    assert "The user is suspended" in why(run, "2")
    assert not ExternalIdentity.objects.filter(source=south.key, external_id="2").exists()
    planned = imported(south, review=True)
    ticks.tick(TESTER, planned.pk, planned.changes.all())
    assert outcomes(approved(planned))["2"] == ("update", "updated")


def test_a_user_who_is_suspended_after_the_preview_is_not_taken_over(
    north: Company, south: Company
) -> None:
    imported(north)
    planned = imported(south, review=True)
    services.update_users(TESTER, HAND, [UserChange(ada().pk, {"state": "SUSPENDED"})])
    run = approved(planned)
    assert outcomes(run)["2"] == ("update", "conflict")
    assert "has been suspended since" in why(run, "2")


def test_an_email_that_another_account_s_user_has_under_another_name_needs_a_tick(
    north: Company, south: Company
) -> None:
    imported(north)
    south.change(south.of("a")[0], first="Bo", last="Öst")
    run = imported(south)
    assert outcomes(run)["2"] == ("conflict", "conflict")
    assert "calls the employee by another name" in why(run, "2")
    assert ada().lastname == "Byron"


@pytest.mark.parametrize(
    ("first", "last"), [("Ada", "Lovelace"), ("Byron", "ADA"), ("A.", "Byron")]
)
def test_who_has_married_is_turned_round_or_cut_short_is_met_by_the_email_as_ever(
    north: Company, south: Company, first: str, last: str
) -> None:
    imported(north)
    south.change(south.of("a")[0], first=first, last=last)
    assert outcomes(imported(south))["2"] == ("update", "updated")
