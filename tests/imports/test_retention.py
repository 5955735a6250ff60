"""What an import noted about people is deleted when its time is over; the counts stay."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from rollcall.imports.models import ChangeRecord, Connection, Run, RunState, StagedEmployee
from rollcall.imports.retention import forget
from rollcall.jobs import clock

pytestmark = pytest.mark.django_db


def run_of(days_ago: int, state: RunState = RunState.COMPLETED) -> Run:
    """A run of so many days ago with one employee."""
    connection, _ = Connection.objects.get_or_create(
        name="Personio", source="personio", key="personio:a"
    )
    number = Run.objects.count() + 1
    run = Run.objects.create(
        connection=connection, number=number, state=state, counts={"created": 1}, fetched=1
    )
    Run.objects.filter(pk=run.pk).update(started_at=timezone.now() - timedelta(days=days_ago))
    StagedEmployee.objects.create(run=run, employee_id="1", record={"id": "1"})
    ChangeRecord.objects.create(run=run, seq=0, kind="create", employee_id="1", reason={})
    return run


def kept(run: Run) -> tuple[int, int]:
    """How many staged employees and changes the run still has."""
    return run.staged.count(), run.changes.count()


def passes() -> int:
    """What is forgotten in as many passes as it takes, since one deletes a share only."""
    return sum(forget() for _ in range(5))


def test_what_personio_said_is_kept_for_a_month_and_the_changes_for_a_year_and_more() -> None:
    new, middle, old = run_of(1), run_of(60), run_of(500)
    assert passes() == 1
    assert [kept(run) for run in (new, middle, old)] == [(1, 1), (0, 1), (0, 0)]
    assert Run.objects.get(pk=old.pk).counts == {"created": 1}


def test_a_run_at_work_is_left_alone_however_old() -> None:
    run = run_of(500, RunState.APPLYING)
    forget()
    assert kept(run) == (1, 1)


def test_a_review_that_nobody_ended_is_cancelled() -> None:
    run = run_of(500, RunState.REVIEW)
    forget()
    assert Run.objects.get(pk=run.pk).state == RunState.CANCELLED


@pytest.mark.parametrize("clock_leaps", [False, True])
def test_a_wrong_clock_empties_no_more_than_a_share_of_the_runs_in_one_pass(
    monkeypatch: pytest.MonkeyPatch, clock_leaps: bool
) -> None:
    made = [run_of(day) for day in range(10)]
    if clock_leaps:
        clock.read()
    late = timezone.now() + timedelta(days=3650)
    monkeypatch.setattr(timezone, "now", lambda: late)
    assert forget() == (0 if clock_leaps else 2)
    left = [kept(run) for run in made]
    assert left.count((1, 1)) == (10 if clock_leaps else 8)
    assert left[:8] == [(1, 1)] * 8
