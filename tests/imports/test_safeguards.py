"""An import that would take away too much is stopped before it writes anything."""

from __future__ import annotations

import pytest

from rollcall.directory.models import User
from rollcall.imports.options import Options
from tests.imports.world import PartlyGone, Personio, accounted, directory, imported, personio

pytestmark = pytest.mark.usefixtures("carrying_out")


def half_of_them_leave(company: Personio) -> int:
    """Import everybody, then let the second half leave; how many users would lose access."""
    imported(company.account)
    company.becomes(PartlyGone(87, peculiar=False, gone_from=44))
    return User.objects.filter(
        identities__external_id__in=[str(4_710_000 + p) for p in range(44, 87)]
    ).count()


def test_more_suspensions_than_usual_stop_the_import_with_nothing_written() -> None:
    with personio() as company:
        leaving = half_of_them_leave(company)
        before = directory()
        run = imported(company.account)
    assert (run.state, run.error_code) == ("stopped", "safeguard")
    assert f"{leaving} of" in run.error
    assert run.finished_at
    assert run.sealed_credentials is None
    assert directory() == before
    assert run.counts["suspend"] == leaving


def test_a_stopped_import_keeps_its_plan_to_look_at() -> None:
    with personio() as company:
        leaving = half_of_them_leave(company)
        run = imported(company.account)
    assert run.changes.filter(kind="suspend").count() == leaving
    assert not run.changes.exclude(result="").exists()


def test_a_reviewed_import_is_stopped_as_well() -> None:
    with personio() as company:
        half_of_them_leave(company)
        assert imported(company.account, review=True).state == "stopped"


def test_the_number_that_the_administrator_allows_lets_it_pass() -> None:
    with personio() as company:
        leaving = half_of_them_leave(company)
        few = imported(company.account, options=Options(max_suspensions=leaving - 1))
        enough = imported(company.account, options=Options(max_suspensions=leaving))
    assert few.state == "stopped"
    assert enough.state == "completed"
    accounted(enough)
    assert enough.counts["suspended"] == leaving == User.objects.filter(state="SUSPENDED").count()


def test_no_suspension_at_all_can_be_asked_for() -> None:
    with personio() as company:
        imported(company.account)
        company.becomes(PartlyGone(87, peculiar=False, gone_from=86))
        run = imported(company.account, options=Options(max_suspensions=0))
    assert run.state == "stopped"
    assert not User.objects.filter(state="SUSPENDED").exists()


def test_a_company_that_shrank_to_almost_nobody_is_not_believed() -> None:
    with personio() as company:
        imported(company.account)
        company.becomes(PartlyGone(12, peculiar=False, gone_from=99))
        stopped = imported(company.account)
        believed = imported(company.account, options=Options(min_read_share=0))
    assert stopped.state == "stopped"
    assert "12 employees" in stopped.error
    assert believed.state == "completed"
    accounted(believed)


def test_the_next_ordinary_import_is_made_as_if_nothing_had_been() -> None:
    with personio() as company:
        half_of_them_leave(company)
        imported(company.account)
        company.becomes(company.company)
        run = imported(company.account)
    assert run.state == "completed"
    assert set(run.counts) <= {"unchanged", "skipped"}
