"""Gives runs to the processes that carry them out, and takes over what the dead left."""

from __future__ import annotations

import logging

from rollcall.database.errors import may_pass
from rollcall.imports import workflow
from rollcall.imports.lease import release, take
from rollcall.imports.models import ACTIVE_STATES, WRITING_STATES, Run
from rollcall.jobs import handover
from rollcall.jobs.engine import QUEUE, listens_to, own_queue
from rollcall.jobs.models import Worker
from rollcall.jobs.process import this_process
from rollcall.jobs.worker_registry import is_dead
from rollcall.jobs.workflow_records import forget_queue

LOOK_SECONDS = 5.0
"""How often a worker looks for runs that a dead process left."""

log = logging.getLogger(__name__)


def begin(run: Run) -> None:
    """Carry the run out in this process, from where it stands, in the background."""
    _hand_over(run, own_queue())


def enqueue(run: Run) -> None:
    """Leave the run to whichever worker is free."""
    _hand_over(run, QUEUE)


def is_left(run: Run) -> bool:
    """Whether the run is at work by its state while no living process carries it out."""
    return run.state in ACTIVE_STATES and handover.is_left(workflow_name(run), run)


def take_over(run: Run) -> bool:
    """Hold what a dead process left (`begin` goes on with it); False when it is not left."""
    return is_left(run) and take(run.pk, before=run.executor)


def take_over_what_was_left() -> None:
    """Give every run that a dead process left to the workers."""
    for run in Run.objects.filter(state__in=ACTIVE_STATES):
        if is_left(run) and release(run.pk, before=run.executor):
            log.warning("run %s was left by a process that is gone; going on", run.number)
            enqueue(run)
    _forget_the_dead()


def go_on_here() -> None:
    """Go on with every run that this process holds and no longer carries out.

    A worker gives such runs to any worker (`take_over_what_was_left`).
    """
    if listens_to() != own_queue():
        return
    me = this_process().executor
    for run in Run.objects.filter(state__in=ACTIVE_STATES, executor=me):
        if is_left(run) and take(run.pk, before=me):
            log.warning("run %s was carried out no longer; going on", run.number)
            begin(run)


def workflow_name(run: Run) -> str:
    """What the run's workflows are called: reviewed runs are carried out by one of their own."""
    return f"{run.pk}:{_stretch(run)}"


def _hand_over(run: Run, queue: str) -> None:
    carry_out = workflow.write if _stretch(run) == "write" else workflow.read
    try:
        handover.hand_over(workflow_name(run), carry_out, str(run.pk), queue=queue)
    except Exception as error:
        if not may_pass(error):
            raise
        # it is found among those that nobody carries out, as soon as the database can be used
        log.warning("run %s could not be handed over: %s", run.number, type(error).__name__)


def _stretch(run: Run) -> str:
    return "write" if run.review and run.state in WRITING_STATES else "read"


def _forget_the_dead() -> None:
    """Processes that are gone and hold no run need not be remembered."""
    holding = Run.objects.filter(state__in=ACTIVE_STATES).values("executor")
    for worker in Worker.objects.exclude(executor__in=holding):
        if is_dead(worker.executor):
            forget_queue(worker.executor)
            worker.delete()
