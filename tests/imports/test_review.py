"""A reviewed import carries out what the administrator picked, once, and nothing else."""

from __future__ import annotations

import pytest

from rollcall.directory.models import User
from rollcall.imports import runs
from rollcall.imports.choices import Choice, choose
from rollcall.imports.errors import WrongState
from rollcall.imports.models import ChangeRecord
from tests.actors import TESTER
from tests.imports.world import accounted, approved, imported, personio, results
from tests.targets.builtin.people import employee_of

pytestmark = pytest.mark.usefixtures("carrying_out")


def test_a_plan_waits_for_review_and_writes_nothing() -> None:
    with personio() as company:
        run = imported(company.account, review=True)
    assert run.state == "review"
    assert run.fetched == 87
    assert sum(run.counts.values()) == 87
    assert not User.objects.exists()
    assert not run.changes.exclude(result="").exists()


def test_everybody_is_carried_out_where_nobody_was_left_out() -> None:
    with personio() as company:
        planned = imported(company.account, review=True)
        run = approved(planned)
    assert run.state == "completed"
    accounted(run)
    assert run.counts["created"] == planned.counts["create"] == User.objects.count()


def test_only_the_chosen_are_carried_out_and_the_others_are_skipped() -> None:
    with personio() as company:
        planned = imported(company.account, review=True)
        creates = ChangeRecord.objects.filter(run=planned, kind="create").order_by("seq")
        chosen = list(creates.values_list("employee_id", flat=True)[:7])
        choose(TESTER, planned.pk, Choice.ONLY, creates.filter(employee_id__in=chosen))
        run = approved(planned)
    accounted(run)
    assert set(User.objects.values_list("identities__external_id", flat=True)) == set(chosen)
    left_out = creates.exclude(employee_id__in=chosen)
    assert {row.result for row in left_out} == {"skipped"}
    assert {(row.error or {})["code"] for row in left_out} == {"not_chosen"}


def test_who_was_left_out_is_brought_in_by_the_next_import() -> None:
    with personio() as company:
        planned = imported(company.account, review=True)
        choose(TESTER, planned.pk, Choice.ONLY, ChangeRecord.objects.none())
        assert approved(planned).counts.get("created", 0) == 0
        assert imported(company.account).counts["created"] == planned.counts["create"]


def test_a_plan_is_carried_out_without_asking_personio_again() -> None:
    with personio() as company:
        planned = imported(company.account, review=True)
    run = approved(planned)
    assert run.state == "completed"
    assert User.objects.count() == run.counts["created"] > 0


def test_approving_twice_is_refused_the_second_time() -> None:
    with personio() as company:
        run = approved(imported(company.account, review=True))
    before = results(run)
    with pytest.raises(WrongState, match="nothing was done"):
        runs.approve(TESTER, run.pk)
    run.refresh_from_db()
    assert run.state == "completed"
    assert results(run) == before


def test_a_user_deleted_after_the_plan_is_that_employees_failure_alone() -> None:
    with personio() as company:
        imported(company.account)
        gone = User.objects.exclude(department="").order_by("id")[0]
        changed = User.objects.exclude(pk=gone.pk).exclude(department="").order_by("id")[0]
        User.objects.filter(pk__in=[gone.pk, changed.pk]).update(department="Elsewhere")
        planned = imported(company.account, review=True)
        assert planned.counts["update"] == 2
        source = company.account.key
        gone_employee = employee_of(gone, source)
        changed_employee = employee_of(changed, source)
        gone.delete()
        run = approved(planned)
    accounted(run)
    assert results(run)[gone_employee] == "failed"
    assert results(run)[changed_employee] == "updated"
