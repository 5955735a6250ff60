"""One import as durable workflows: each stretch is a step that DBOS checkpoints."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from dbos import DBOS
from django.db import InterfaceError, OperationalError, connections

from rollcall.imports import applying, completion_email, failing, fetching, open_targets, planning
from rollcall.imports.batches import Bounds
from rollcall.imports.lease import claim, forget
from rollcall.imports.models import ACTIVE_STATES, WRITING_STATES, Run

T = TypeVar("T")

WAITS = (0.5, 1.0, 2.0, 4.0, 8.0)
"""Seconds between tries of a step whose database does not answer."""

log = logging.getLogger(__name__)


@DBOS.workflow(name="import.read")
def read(run_id: str) -> None:
    """Fetch and decide; go on at once unless the run is to be reviewed."""
    try:
        claim(UUID(run_id))
        if _admit(run_id) and _fetch(run_id) and _decide(run_id) in WRITING_STATES:
            _carry_out(run_id)
        _notify(run_id)
    finally:
        _leave(run_id)


@DBOS.workflow(name="import.write")
def write(run_id: str) -> None:
    """Carry out the plan of a run whose review is over."""
    try:
        claim(UUID(run_id))
        if _admit(run_id):
            _carry_out(run_id)
        _notify(run_id)
    finally:
        _leave(run_id)


# Claiming and asking the directory are no steps: whoever resumes the workflow does both again.


def _carry_out(run_id: str) -> None:
    batches = _prepare(run_id)
    if batches is None:
        return
    for place, bounds in enumerate(batches):
        if not _apply(run_id, place, bounds):
            return
    while more := _link(run_id):
        pass
    if more is not None:
        _finish(run_id)


def _leave(run_id: str) -> None:
    """Close what the run has open in this process."""
    open_targets.close(UUID(run_id))
    forget(UUID(run_id))
    connections.close_all()


def _admit(run_id: str) -> bool:
    run = Run.objects.select_related("connection").get(pk=run_id)
    if run.state not in ACTIVE_STATES:
        return True
    return _guarded(run_id, lambda _: open_targets.admit(run))


@DBOS.step(name="fetch")
def _fetch(run_id: str) -> bool:
    return _guarded(run_id, fetching.fetch)


@DBOS.step(name="decide")
def _decide(run_id: str) -> str | None:
    return _asked(run_id, planning.decide)


@DBOS.step(name="prepare")
def _prepare(run_id: str) -> list[Bounds] | None:
    return _asked(run_id, applying.prepare)


@DBOS.step(name="apply")
def _apply(run_id: str, place: int, bounds: Bounds) -> bool:
    return _guarded(run_id, lambda run: applying.apply_batch(run, place, bounds))


@DBOS.step(name="link")
def _link(run_id: str) -> bool | None:
    return _asked(run_id, applying.link_some)


@DBOS.step(name="finish")
def _finish(run_id: str) -> bool:
    return _guarded(run_id, applying.finish)


@DBOS.step(name="notify")
def _notify(run_id: str) -> bool:
    return completion_email.send_when_due(UUID(run_id))


def _guarded(run_id: str, step: Callable[[UUID], None]) -> bool:
    """Whether the step went well; if not, the run has been ended with the error."""

    def done(run: UUID) -> bool:
        step(run)
        return True

    return _asked(run_id, done) is not None


def _asked(run_id: str, step: Callable[[UUID], T]) -> T | None:
    """What the step gave; None when it failed and the run has been ended with the error.

    Where the database is away for a moment the step is made again: it finds what is done already.
    """
    run = UUID(run_id)
    for seconds in (*WAITS, None):
        try:
            return step(run)
        except Exception as error:  # whatever it is, the run must not stay open for ever
            if seconds is None or not isinstance(error, OperationalError | InterfaceError):
                failing.fail(run, error)
                return None
            log.warning("the database is away (%s); next try soon", type(error).__name__)
            connections.close_all()
            time.sleep(seconds)
    raise AssertionError("the last try returns")
