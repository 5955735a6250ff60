"""A plan is made a stretch at a time; an interruption in the middle leaves nothing half planned."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import pytest
from django.db import OperationalError

from rollcall.imports import lease, planning, runs, stretches
from rollcall.imports.models import ChangeRecord, Run
from rollcall.provisioning.user import User
from rollcall.targets.builtin.target import BuiltinTarget
from rollcall.targets.errors import TargetUnreachable
from tests.actors import TESTER
from tests.imports.world import accounted, directory, imported, personio

pytestmark = pytest.mark.usefixtures("carrying_out")

SIZE = 10


@pytest.fixture(autouse=True)
def _small_stretches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stretches, "STRETCH", SIZE)


def something_happens(monkeypatch: pytest.MonkeyPatch, event: Callable[[], None]) -> None:
    """Let the event happen once, after three stretches of a plan have been written down."""
    calls = iter(range(100))
    read = BuiltinTarget.users_of

    def users_of(target: BuiltinTarget, user_ids: Sequence[str]) -> Iterator[User]:
        if next(calls) == 3:
            assert ChangeRecord.objects.count() == 3 * SIZE
            event()
        return read(target, user_ids)

    monkeypatch.setattr(BuiltinTarget, "users_of", users_of)


def away() -> None:
    raise OperationalError("server closed the connection unexpectedly")


def unreachable() -> None:
    raise TargetUnreachable("the directory does not answer; try again later")


def cancelled() -> None:
    runs.cancel(TESTER, Run.objects.get(state="planning").pk)


def test_stretches_make_one_plan_and_an_import_again_changes_nothing() -> None:
    with personio(peculiar=True) as company:
        run = imported(company.account)
        made = directory()
        again = imported(company.account)
    for one in (run, again):
        assert one.state == "completed"
        accounted(one)
        numbers = list(ChangeRecord.objects.filter(run=one).values_list("seq", flat=True))
        assert numbers == list(range(one.fetched))
    assert "updated" not in again.counts
    assert directory() == made


def test_a_plan_that_was_cut_short_is_made_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    something_happens(monkeypatch, away)
    with personio() as company:
        run = imported(company.account)
    assert run.state == "completed"
    accounted(run)


@pytest.mark.parametrize(
    ("event", "state", "result"),
    [(unreachable, "failed", "failed"), (cancelled, "cancelled", "skipped")],
    ids=["lost", "cancelled"],
)
def test_a_run_that_ends_in_the_middle_of_deciding_keeps_no_part_of_a_plan(
    monkeypatch: pytest.MonkeyPatch, event: Callable[[], None], state: str, result: str
) -> None:
    with personio() as company:
        with monkeypatch.context() as trouble:
            something_happens(trouble, event)
            run = imported(company.account)
        assert (run.state, run.counts) == (state, {result: run.fetched})
        accounted(run)
        assert {(row.kind, row.user_id, str(row.fields)) for row in run.changes.all()} == {
            ("skip", "", "[]")
        }
        accounted(imported(company.account))


def test_a_retry_plans_only_whom_it_is_about_however_they_are_spread() -> None:
    with personio(peculiar=True) as company:
        run = imported(company.account)
    bad = ("conflict", "invalid", "failed")
    left = set(run.changes.filter(result__in=bad).values_list("employee_id", flat=True))
    assert left
    retry = runs.retry(run, runs.Starter(TESTER))
    lease.claim(retry.pk)
    planning.decide(retry.pk)
    assert set(retry.changes.values_list("employee_id", flat=True)) == left
