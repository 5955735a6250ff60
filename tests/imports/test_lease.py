"""A run is carried out by one living process: never taken from it, always from a dead one."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db.models import F
from django.utils import timezone

from rollcall.directory.models import User
from rollcall.imports import (
    applying,
    dispatch,
    failing,
    fetching,
    linking,
    open_targets,
    planning,
    runs,
)
from rollcall.imports.lease import held
from rollcall.imports.models import Run
from rollcall.jobs.errors import TakenOver
from rollcall.jobs.models import Worker
from rollcall.jobs.process import pid_place, process_start, this_process
from rollcall.targets.builtin.target import BuiltinTarget
from rollcall.targets.errors import TargetUnreachable
from tests.actors import TESTER
from tests.imports.interruption import something_happens
from tests.imports.world import (
    Personio,
    accounted,
    begin,
    directory,
    ended,
    imported,
    let_go,
    personio,
    request,
)

pytestmark = pytest.mark.usefixtures("carrying_out")
OTHER = "another-process"


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    """A process that lives until the test ends."""
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    yield process
    process.kill()
    process.communicate()


def worker(
    pid: int,
    *,
    started: float | None = None,
    place: str | None = None,
    silent: float = 0,
    carries: Sequence[str] = (),
) -> None:
    """What the other process has written down of itself, `silent` seconds ago."""
    Worker.objects.create(
        executor=OTHER,
        host=socket.gethostname(),
        place=pid_place() if place is None else place,
        pid=pid,
        process_started=process_start(pid) if started is None else started,
        beat_at=timezone.now() - timedelta(seconds=silent),
        carries=list(carries),
    )


def run_of_the_other() -> Run:
    with personio() as company:
        run = runs.start_here(request(company.account))
    Run.objects.filter(pk=run.pk).update(executor=OTHER)
    run.refresh_from_db()
    return run


def test_what_a_living_process_carries_out_is_left_to_it(sleeper: subprocess.Popen[bytes]) -> None:
    worker(sleeper.pid, silent=1000)
    run = run_of_the_other()
    assert not dispatch.take_over(run)
    run.refresh_from_db()
    assert run.executor == OTHER


def test_what_a_killed_process_left_is_taken_at_once(sleeper: subprocess.Popen[bytes]) -> None:
    worker(sleeper.pid)
    sleeper.kill()
    sleeper.wait()
    run = run_of_the_other()
    assert dispatch.take_over(run)
    run.refresh_from_db()
    assert run.executor == this_process().executor


def test_a_killed_process_that_nobody_waited_for_is_dead_too(
    sleeper: subprocess.Popen[bytes],
) -> None:
    worker(sleeper.pid)
    sleeper.kill()
    os.waitid(os.P_PID, sleeper.pid, os.WEXITED | os.WNOWAIT)
    assert dispatch.is_left(run_of_the_other())


def test_a_pid_that_another_program_got_meanwhile_is_not_taken_for_the_process(
    sleeper: subprocess.Popen[bytes],
) -> None:
    worker(sleeper.pid, started=process_start(sleeper.pid) - 7)
    assert dispatch.is_left(run_of_the_other())


def test_a_process_that_signed_off_has_left_its_run() -> None:
    assert dispatch.is_left(run_of_the_other())


@pytest.mark.parametrize(
    ("silent", "left"),
    [(settings.TAKE_OVER_AFTER - 10, False), (settings.TAKE_OVER_AFTER + 10, True)],
)
def test_a_process_on_another_machine_is_dead_when_it_is_silent_for_long(
    silent: float, left: bool
) -> None:
    worker(1, place="another machine", silent=silent)
    assert dispatch.is_left(run_of_the_other()) is left


def test_one_pid_in_two_name_spaces_is_not_one_process(sleeper: subprocess.Popen[bytes]) -> None:
    """Two containers with one host name: in each of them the process is number 1."""
    elsewhere = "another name space"
    worker(sleeper.pid, place=elsewhere, started=process_start(sleeper.pid) - 7)
    assert not dispatch.is_left(run_of_the_other())
    Worker.objects.all().delete()
    worker(sleeper.pid, place=elsewhere, silent=settings.TAKE_OVER_AFTER + 10)
    assert dispatch.is_left(Run.objects.get())


def test_a_pid_is_trusted_only_where_it_is_known_what_it_means() -> None:
    worker(os.getpid(), place="", silent=settings.TAKE_OVER_AFTER + 10)
    assert dispatch.is_left(run_of_the_other())


def test_a_stopped_process_has_left_its_run_once_it_is_silent(
    sleeper: subprocess.Popen[bytes],
) -> None:
    started = process_start(sleeper.pid)
    sleeper.send_signal(signal.SIGSTOP)
    os.waitid(os.P_PID, sleeper.pid, os.WSTOPPED | os.WNOWAIT)
    worker(sleeper.pid, started=started)
    run = run_of_the_other()
    assert not dispatch.is_left(run)
    Worker.objects.update(beat_at=timezone.now() - timedelta(seconds=settings.TAKE_OVER_AFTER + 1))
    assert dispatch.is_left(run)


@pytest.mark.parametrize("carried", [True, False])
def test_what_a_living_process_holds_and_does_not_carry_out_is_left(
    sleeper: subprocess.Popen[bytes], carried: bool
) -> None:
    run = run_of_the_other()
    worker(sleeper.pid, carries=[str(run.pk)] if carried else [])
    assert not dispatch.is_left(run)  # it was taken only just now
    run.held_at = timezone.now() - timedelta(seconds=settings.TAKE_OVER_AFTER)
    assert dispatch.is_left(run) is not carried


def test_what_this_process_holds_and_does_not_carry_out_is_left_and_gone_on_with_here() -> None:
    with personio() as company:
        run = runs.start_here(request(company.account))
        dispatch.go_on_here()
        assert Run.objects.get(pk=run.pk).epoch == run.epoch
        long_ago = timezone.now() - timedelta(seconds=settings.TAKE_OVER_AFTER)
        Run.objects.update(held_at=long_ago)
        dispatch.go_on_here()
        run = ended(run.pk)
    assert run.state == "completed"
    accounted(run)


def test_of_two_who_take_over_one_gets_the_run() -> None:
    run = run_of_the_other()
    seen_by_two = [Run.objects.get(pk=run.pk) for _ in range(2)]
    assert [dispatch.take_over(one) for one in seen_by_two] == [True, False]


def test_an_ended_run_is_nobodys_to_take() -> None:
    run = run_of_the_other()
    runs.cancel(TESTER, run.pk)
    run.refresh_from_db()
    assert not dispatch.take_over(run)


def test_a_process_that_lost_its_run_stops_at_its_next_step() -> None:
    run = run_of_the_other()
    with pytest.raises(TakenOver):
        held(run.pk)


def taken_by_another() -> None:
    """Another process takes the run that is at work, as if this one had been silent for long."""
    Run.objects.filter(state="applying").update(executor=OTHER)


def test_a_process_that_lost_its_run_while_it_writes_a_batch_writes_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with personio() as company:
        something_happens(monkeypatch, at=3, before=taken_by_another)
        run = planned_here(company)
        batches = applying.prepare(run.pk)
        assert len(batches) > 3
        applying.apply_batch(run, 0, batches[0])
        applying.apply_batch(run, 1, batches[1])
        with pytest.raises(TakenOver):
            applying.apply_batch(run, 2, batches[2])
    assert User.objects.count() == 20
    wave, first, last = batches[2]
    third = run.changes.filter(wave=wave, seq__range=(first, last), kind="create")
    assert third.count() == 10
    assert {row.result for row in third} == {""}
    run.refresh_from_db()
    assert (run.executor, run.applied) == (OTHER, 20)


def test_a_process_that_lost_its_run_while_it_links_managers_links_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with personio() as company:
        run = planned_here(company)
        for place, bounds in enumerate(applying.prepare(run.pk)):
            applying.apply_batch(run, place, bounds)
        links = BuiltinTarget.link_managers

        def slept(target: BuiltinTarget, *arguments: Any) -> None:
            Run.objects.filter(pk=run.pk).update(epoch=F("epoch") + 2)
            links(target, *arguments)

        monkeypatch.setattr(BuiltinTarget, "link_managers", slept)
        with pytest.raises(TakenOver):
            linking.link_some(run)
    assert not User.objects.exclude(manager=None).exists()
    assert Run.objects.get(pk=run.pk).linked_to == 0


def test_whoever_takes_over_finishes_as_if_nothing_had_been(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with personio() as company:
        with monkeypatch.context() as trouble:
            something_happens(trouble, at=3, before=taken_by_another)
            run = planned_here(company)
            batches = applying.prepare(run.pk)
            for place in (0, 1):
                applying.apply_batch(run, place, batches[place])
            with pytest.raises(TakenOver):
                applying.apply_batch(run, 2, batches[2])
        run.refresh_from_db()
        assert dispatch.take_over(run)
        dispatch.begin(run)
        run = ended(run.pk)
        ended_so = directory()
        User.objects.all().delete()
        undisturbed = imported(company.account)
    accounted(run)
    assert run.applied == run.to_apply == undisturbed.applied
    assert run.counts == undisturbed.counts
    assert ended_so == directory()


def test_a_process_that_lost_its_run_can_neither_end_it_nor_fail_it() -> None:
    with personio() as company:
        run = planned_here(company)
    Run.objects.filter(pk=run.pk).update(executor=OTHER)
    for end in (applying.finish, lambda run: failing.fail(run.pk, TargetUnreachable())):
        with pytest.raises(TakenOver):
            end(run)
    run.refresh_from_db()
    assert (run.state, run.executor) == ("applying", OTHER)


def test_a_workflow_that_was_left_is_resumed_from_where_it_stood(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with personio() as company:
        run = begin_and_lose(company, monkeypatch)
        requests = company.app.state.account.ledger.as_json()["total"]
        assert dispatch.take_over(run)
        dispatch.begin(run)
        run = ended(run.pk)
        assert company.app.state.account.ledger.as_json()["total"] == requests
    assert run.state == "completed"
    accounted(run)
    assert run.counts["created"] == User.objects.count()


def planned_here(company: Personio) -> Run:
    """A run of this process that stands at the beginning of writing."""
    run = runs.start_here(request(company.account))
    fetching.fetch(run.pk)
    planning.decide(run.pk)
    open_targets.close(run.pk)
    return run


def begin_and_lose(company: Personio, monkeypatch: pytest.MonkeyPatch) -> Run:
    """A run whose workflow was left by this process at its third batch."""
    lost = threading.Event()

    def lose() -> None:
        taken_by_another()
        lost.set()

    with monkeypatch.context() as trouble:
        something_happens(trouble, at=3, before=lose)
        run = begin(company.account)
        assert lost.wait(30)
        let_go(run)
    run.refresh_from_db()
    return run
