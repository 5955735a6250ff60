"""One import as durable workflows: each stretch is a step that DBOS checkpoints."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from uuid import UUID

from dbos import DBOS
from django.db import InterfaceError, OperationalError, connections

from rollcall.imports import applying, deciding, directories, failing, fetching, mail
from rollcall.imports.holding import claim, held
from rollcall.imports.models import ACTIVE_STATES, Run, RunState

WORKFLOW_VERSION = "6"
"""Which order of steps a stored workflow follows; a change of the order needs a new version.

A run that an older version left unfinished is begun anew under the new one: every step finds in
our own tables what is already done, so nothing is done twice.
"""

WAITS = (0.5, 1.0, 2.0, 4.0, 8.0)
"""Seconds between tries of a step whose database does not answer."""

log = logging.getLogger(__name__)


@DBOS.workflow(name="import.read")
def read(run_id: str) -> None:
    """Fetch and decide; go on at once unless the run is to be reviewed."""
    try:
        claim(UUID(run_id))
        read_on = _admit(run_id) and _fetch(run_id) and _decide(run_id)
        if read_on and _state(run_id) == RunState.APPLYING:
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
    if batches < 0:
        return
    for batch in range(batches):
        if not _apply(run_id, batch):
            return
    start = 0
    while (start := _link(run_id, start)) > 0:
        pass
    if start == 0:
        _finish(run_id)


def _leave(run_id: str) -> None:
    """Close what the run has open in this process."""
    directories.close(UUID(run_id))
    connections.close_all()


@DBOS.step(name="state")
def _state(run_id: str) -> str:
    return _where(run_id)


def _admit(run_id: str) -> bool:
    if _where(run_id) not in ACTIVE_STATES:
        return True
    return _guarded(run_id, lambda run: directories.admit(held(run)))


def _where(run_id: str) -> str:
    return Run.objects.values_list("state", flat=True).get(pk=run_id)


@DBOS.step(name="fetch")
def _fetch(run_id: str) -> bool:
    return _guarded(run_id, fetching.fetch)


@DBOS.step(name="decide")
def _decide(run_id: str) -> bool:
    return _guarded(run_id, deciding.decide)


@DBOS.step(name="prepare")
def _prepare(run_id: str) -> int:
    return _counted(run_id, applying.prepare)


@DBOS.step(name="apply")
def _apply(run_id: str, batch: int) -> bool:
    return _guarded(run_id, lambda run: applying.apply_batch(run, batch))


@DBOS.step(name="link")
def _link(run_id: str, start: int) -> int:
    return _counted(run_id, lambda run: applying.link_some(run, start))


@DBOS.step(name="finish")
def _finish(run_id: str) -> bool:
    return _guarded(run_id, applying.finish)


@DBOS.step(name="notify")
def _notify(run_id: str) -> bool:
    return mail.send_when_due(UUID(run_id))


def _guarded(run_id: str, step: Callable[[UUID], None]) -> bool:
    """Whether the step went well; if not, the run has been ended with the error."""

    def one(run: UUID) -> int:
        step(run)
        return 0

    return _counted(run_id, one) == 0


def _counted(run_id: str, step: Callable[[UUID], int]) -> int:
    """What the step counted; -1 when it failed and the run has been ended with the error.

    Where the database is away for a moment the step is made again: it finds what is done already.
    """
    run = UUID(run_id)
    for seconds in (*WAITS, None):
        try:
            return step(run)
        except Exception as error:  # whatever it is, the run must not stay open for ever
            if seconds is None or not isinstance(error, OperationalError | InterfaceError):
                failing.fail(run, error)
                return -1
            log.warning("the database is away (%s); next try soon", type(error).__name__)
            connections.close_all()
            time.sleep(seconds)
    raise AssertionError("the last try returns")
