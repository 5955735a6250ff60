"""Workers take what was asked for elsewhere, and what dead processes left."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

import pytest
from django.db import OperationalError

from rollcall.directory.models import User
from rollcall.imports import applying, dispatch, fetching, open_targets, planning, runs, workflow
from rollcall.imports.models import Run
from rollcall.jobs import engine, handover, registry, worker_registry
from rollcall.jobs.models import Worker
from rollcall.jobs.process import Identity
from tests.actors import TESTER
from tests.imports.world import SECONDS, accounted, ended, personio, request
from tests.waiting import seen_as, wait_until

T = TypeVar("T")

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_worker_takes_a_run_from_the_queue() -> None:
    with personio() as company, engine.working():
        run = runs.start_anywhere(request(company.account))
        dispatch.enqueue(run)
        run = ended(run.pk)
    assert run.state == "completed"
    accounted(run)
    assert run.counts["created"] == User.objects.count()


def test_a_reviewed_run_is_carried_out_by_a_worker_too() -> None:
    with personio() as company, engine.working():
        run = runs.start_anywhere(request(company.account, review=True))
        dispatch.enqueue(run)
        assert ended(run.pk).state == "review"
        dispatch.enqueue(runs.approve(TESTER, run.pk))
        run = ended(run.pk)
    assert run.state == "completed"
    accounted(run)


def test_what_was_asked_for_while_no_worker_was_there_is_done_by_the_next_one() -> None:
    with personio() as company:
        with engine.running(queue=engine.own_queue()):
            run = runs.start_anywhere(request(company.account))
            dispatch.enqueue(run)
        assert Run.objects.get(pk=run.pk).state == "fetching"
        with engine.working():
            assert ended(run.pk).state == "completed"


def test_a_worker_goes_on_with_what_a_dead_process_left() -> None:
    with personio() as company:
        run = runs.start_here(request(company.account))
        Run.objects.filter(pk=run.pk).update(executor="long-gone")
        with engine.working():
            run = ended(run.pk)
    assert run.state == "completed"
    accounted(run)


def test_a_run_of_which_only_managers_are_left_to_link_is_gone_on_with() -> None:
    with personio() as company:
        run = runs.start_here(request(company.account))
        fetching.fetch(run.pk)
        planning.decide(run.pk)
        for place, bounds in enumerate(applying.prepare(run.pk)):
            applying.apply_batch(run, place, bounds)
        open_targets.close(run.pk)
        Run.objects.filter(pk=run.pk).update(executor="long-gone", state="linking")
        with engine.working():
            run = ended(run.pk)
    assert run.state == "completed"
    assert User.objects.exclude(manager=None).exists()


def test_a_run_that_was_never_handed_over_is_found_by_a_worker() -> None:
    with personio() as company:
        run = runs.start_anywhere(request(company.account))
        with engine.working():
            assert ended(run.pk).state == "completed"


def test_a_process_is_known_while_it_works_and_forgotten_when_it_signed_off() -> None:
    with engine.working():
        assert Worker.objects.count() == 1
    assert not Worker.objects.exists()


def test_a_run_whose_workflow_broke_off_in_a_living_process_is_gone_on_with(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    chores_follow_at_once(monkeypatch)
    monkeypatch.setattr(workflow, "_admit", away_at_first(workflow._admit))
    with personio() as company, engine.working():
        run = runs.start_anywhere(request(company.account))
        dispatch.enqueue(run)
        run = ended(run.pk)
        made = attempts_at(run)
    assert run.state == "completed"
    accounted(run)
    assert made == ["ERROR", "ERROR", "SUCCESS"]


def chores_follow_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let workers do their chores many times a second."""
    works = tuple(
        replace(
            work, worker_chores=tuple(replace(chore, seconds=0.05) for chore in work.worker_chores)
        )
        for work in registry.works()
    )
    monkeypatch.setattr(registry, "works", lambda: works)


def attempts_at(run: Run) -> list[str]:
    """How each workflow of the ended run came out; a run has ended before its workflow has."""
    return seen_as(
        lambda: [one.status for one in handover.attempts(dispatch.workflow_name(run))],
        lambda made: made[-1] not in handover.UNFINISHED,
        SECONDS,
    )


def away_at_first(work: Callable[..., T]) -> Callable[..., T]:
    """The same work, for which the database is away the first two times."""
    left = iter(range(2))

    def attempt(*arguments: object) -> T:
        if next(left, None) is not None:
            raise OperationalError("server closed the connection unexpectedly")
        return work(*arguments)

    return attempt


def test_a_heart_beats_on_when_the_database_was_away_for_a_moment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    heart = worker_registry.Heartbeat(Identity.new())
    monkeypatch.setattr(worker_registry, "BEATS", 1500)
    heart.start()
    began = Worker.objects.get().beat_at
    monkeypatch.setattr(worker_registry, "beat", away_at_first(worker_registry.beat))
    wait_until(lambda: Worker.objects.get().beat_at != began)
    assert Worker.objects.get().beat_at > began
    heart.stop()


def test_what_the_dead_left_is_still_looked_for_when_the_database_was_away_for_a_moment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    take_over = away_at_first(dispatch.take_over_what_was_left)
    monkeypatch.setattr(dispatch, "take_over_what_was_left", take_over)
    chores_follow_at_once(monkeypatch)
    with personio() as company:
        run = runs.start_here(request(company.account))
        Run.objects.filter(pk=run.pk).update(executor="long-gone")
        with engine.working():
            assert ended(run.pk).state == "completed"


def test_runs_of_several_connections_are_all_done() -> None:
    with personio(20) as first, personio(20) as second, engine.working():
        made = [runs.start_anywhere(request(one.account)) for one in (first, second)]
        for run in made:
            dispatch.enqueue(run)
        assert [ended(run.pk).state for run in made] == ["completed", "completed"]
