"""One import as durable workflows: each stretch is a step that DBOS checkpoints."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar
from uuid import UUID

from dbos import DBOS
from django.db import connections, transaction

from rollcall.database import large_writes
from rollcall.imports import (
    applying,
    completion_email,
    failing,
    linking,
    open_targets,
    planning,
)
from rollcall.imports.batches import Bounds
from rollcall.imports.lease import claim, forget, prove
from rollcall.imports.models import ACTIVE_STATES, WRITING_STATES, Run
from rollcall.imports.source_patience import fetch_patiently
from rollcall.jobs.patience import until_possible
from rollcall.jobs.process import carrying

T = TypeVar("T")


@DBOS.workflow(name="import.read")
def read(run_id: str) -> None:
    """Fetch and decide; go on at once unless the run is to be reviewed."""
    with _at_work(run_id) as run:
        if _admit(run) and _fetch(run_id) and _decide(run_id) in WRITING_STATES:
            _carry_out(run)
        _tell(run)


@DBOS.workflow(name="import.write")
def write(run_id: str) -> None:
    """Carry out the plan of a run whose review is over."""
    with _at_work(run_id) as run:
        if _admit(run):
            _carry_out(run)
        _tell(run)


# Claiming and asking the directory are no steps: whoever resumes the workflow does both again.


def _carry_out(run: Run) -> None:
    batches = _prepare(str(run.pk))
    if batches is None:
        return
    for place, bounds in enumerate(batches):
        until_possible(_make_room)  # the file has grown by a batch
        if not _apply(run, place, bounds):
            return
    # Managers come after everybody: whoever is to be one has to have a user first.
    while more := _link(run):
        pass
    if more is not None:
        _finish(run)


def _make_room() -> None:
    large_writes.widen_cache()
    large_writes.lengthen_log()


def _tell(run: Run) -> None:
    if run.notify_email:
        _notify(str(run.pk))


@contextmanager
def _at_work(run_id: str) -> Iterator[Run]:
    """Hold the run, and close what it has open in this process when that is over."""
    run = UUID(run_id)
    # Seen by the take-over: a run that is held and not in here is one that nobody carries out.
    with carrying(run_id):
        try:
            claimed = until_possible(lambda: claim(run))
            until_possible(_make_room)
            yield claimed
        finally:
            open_targets.close(run)
            forget(run)
            # DBOS's threads come and go, and Django closes connections at the end of requests only.
            connections.close_all()


def _admit(run: Run) -> bool:
    if run.state not in ACTIVE_STATES:
        return True
    return _guarded(str(run.pk), lambda _: open_targets.admit(run))


@DBOS.step(name="fetch")
def _fetch(run_id: str) -> bool:
    return _guarded(run_id, fetch_patiently)


@DBOS.step(name="decide")
def _decide(run_id: str) -> str | None:
    return _asked(run_id, planning.decide)


@DBOS.step(name="prepare")
def _prepare(run_id: str) -> list[Bounds] | None:
    return _asked(run_id, applying.prepare)


@DBOS.step(name="apply")
def _apply(run: Run, place: int, bounds: Bounds) -> bool:
    return _guarded(str(run.pk), lambda _: applying.apply_batch(run, place, bounds))


@DBOS.step(name="link")
def _link(run: Run) -> bool | None:
    return _asked(str(run.pk), lambda _: linking.link_some(run))


@DBOS.step(name="finish")
def _finish(run: Run) -> bool:
    return _guarded(str(run.pk), lambda _: applying.finish(run))


@DBOS.step(name="notify")
def _notify(run_id: str) -> bool:
    # Not guarded: a message that cannot be written must not turn a finished import into a failed
    # one.
    return until_possible(lambda: completion_email.send_when_due(UUID(run_id)))


def _guarded(run_id: str, step: Callable[[UUID], None]) -> bool:
    """Whether the step went well; if not, the run has been ended with the error."""

    def done(run: UUID) -> bool:
        step(run)
        return True

    return _asked(run_id, done) is not None


def _asked(run_id: str, step: Callable[[UUID], T]) -> T | None:
    """What the step gave; None when it failed and the run has been ended with the error.

    For as long as the database cannot be used the step is made again: it finds what is done.
    """
    run = UUID(run_id)
    try:
        return until_possible(lambda: step(run), probe=lambda: _prove(run))
    except Exception as error:  # whatever it is, the run must not stay open for ever
        cause = error
    until_possible(lambda: failing.fail(run, cause))
    return None


def _prove(run: UUID) -> None:
    with transaction.atomic():
        prove(run)
