"""Starts and stops the machinery that carries runs out, and takes over what the dead left."""

from __future__ import annotations

import gc
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from time import monotonic

from dbos import DBOS, DBOSConfig, SetWorkflowID, WorkflowStatus
from django.db import DatabaseError, connections
from django.utils import timezone
from sqlalchemy.exc import SQLAlchemyError

from rollcall.imports import completion_email, retention, workflow
from rollcall.imports.lease import identity, release, take
from rollcall.imports.models import ACTIVE_STATES, WRITING_STATES, Run
from rollcall.jobs.models import Worker
from rollcall.jobs.worker_registry import Heartbeat, is_dead, system_database_url
from rollcall.targets.errors import TargetUnreachable

QUEUE = "imports"
LOOK_SECONDS = 5.0
DAY_SECONDS = 86_400
UNSENT_FOR = timedelta(hours=1)
"""How long after its end a run's e-mail is still sent; later it is news to nobody."""

log = logging.getLogger(__name__)

_UNFINISHED = ("PENDING", "ENQUEUED", "DELAYED")


@contextmanager
def running(*, queue: str) -> Iterator[None]:
    """Carry out runs in this process while the context lasts.

    `queue` is the queue whose runs this process takes: `QUEUE` for a worker, a name of its own
    for a process that carries out one run and goes (`own_queue`).

    Raises:
        TargetUnreachable: the database of the workflows cannot be used.
    """
    import rollcall.imports.schedule  # noqa: F401 - its workflow has to be known at launch

    # What was loaded lives as long as the process: with it out of the collector's sight a large
    # import takes a fifth less time.
    gc.freeze()
    DBOS(config=_config())
    DBOS.listen_queues([queue])
    _launch()
    for name in {QUEUE, queue}:
        DBOS.register_queue(name, polling_interval_sec=0.2)
    heartbeat = Heartbeat(identity())
    heartbeat.start()
    try:
        yield
    finally:
        heartbeat.stop()
        if queue != QUEUE:
            DBOS.delete_queue(queue)
        DBOS.destroy()


def _launch() -> None:
    """Let DBOS open its database.

    Raises:
        TargetUnreachable: it cannot.
    """
    try:
        DBOS.launch()
    except SQLAlchemyError as error:
        DBOS.destroy()
        raise TargetUnreachable(
            f"the database of imports under way cannot be used ({type(error).__name__}); "
            "where it is the file rollcall.dbos.db, it may be moved away: nothing but the place "
            "where an interrupted import stood is in it"
        ) from None


def own_queue() -> str:
    """The name of a queue that nobody but this process listens to."""
    return f"own-{identity().executor}"


def _config() -> DBOSConfig:
    return DBOSConfig(
        name="rollcall",
        system_database_url=system_database_url(),
        application_version=workflow.WORKFLOW_VERSION,
        executor_id=identity().executor,
        log_level="CRITICAL",
        console_log_level="CRITICAL",
    )


def begin(run: Run) -> None:
    """Carry the run out in this process, from where it stands, in the background."""
    _hand_over(run, own_queue())


def enqueue(run: Run) -> None:
    """Leave the run to whichever worker is free."""
    _hand_over(run, QUEUE)


def _hand_over(run: Run, queue: str) -> None:
    """Start the run's workflow, or resume the one that was begun and left."""
    made = _attempts(run)
    if made and made[-1].status in _UNFINISHED:
        DBOS.resume_workflow(made[-1].workflow_id, queue_name=queue)
        return
    carry_out = workflow.write if _stretch(run) == "write" else workflow.read
    # one that ended without ending the run is begun anew: nothing is done twice
    with SetWorkflowID(_workflow_id(run, len(made) + 1)):
        if queue == QUEUE:
            DBOS.enqueue_workflow(queue, carry_out, str(run.pk))
        else:
            DBOS.start_workflow(carry_out, str(run.pk))


def _attempts(run: Run) -> list[WorkflowStatus]:
    """The workflows that were made for this stretch of the run so far, the newest last."""
    made: list[WorkflowStatus] = []
    while (status := DBOS.get_workflow_status(_workflow_id(run, len(made) + 1))) is not None:
        made.append(status)
    return made


def _workflow_id(run: Run, attempt: int) -> str:
    first = f"{run.pk}:{workflow.WORKFLOW_VERSION}:{_stretch(run)}"
    return first if attempt == 1 else f"{first}:{attempt}"


def _stretch(run: Run) -> str:
    """Which workflow the run is in: reviewed runs are carried out by one of their own."""
    return "write" if run.review and run.state in WRITING_STATES else "read"


def is_left(run: Run) -> bool:
    """Whether the run is at work by its state while no living process carries it out."""
    if run.state not in ACTIVE_STATES:
        return False
    made = _attempts(run)
    newest = made[-1] if made else None
    if run.executor:
        broken = newest is not None and newest.status == "ERROR"
        return broken or is_dead(run.executor)
    if newest is None or newest.status not in _UNFINISHED:
        return True
    return newest.status == "PENDING" and is_dead(newest.executor_id or "")


def take_over(run: Run) -> bool:
    """Hold what a dead process left (`begin` goes on with it); False when it is not left."""
    return is_left(run) and take(run.pk, before=run.executor)


class TakeOver:
    """Looks every few seconds for runs that a dead process left, and gives them to the workers."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._forgot: float | None = None
        self._thread = threading.Thread(target=self._run, name="take-over", daemon=True)

    def start(self) -> None:
        """Look now and from then on in the background."""
        self._thread.start()

    def stop(self) -> None:
        """Stop looking."""
        self._stop.set()
        self._thread.join(timeout=LOOK_SECONDS)

    def _run(self) -> None:
        try:
            while True:
                self._look_if_possible()
                if self._stop.wait(LOOK_SECONDS):
                    return
        finally:
            connections.close_all()

    def _look_if_possible(self) -> None:
        """A database that is away for a moment must not end the looking for good."""
        try:
            self._look()
        except (DatabaseError, SQLAlchemyError) as error:
            log.warning("could not look for interrupted runs: %s", type(error).__name__)
            connections.close_all()

    def _look(self) -> None:
        self._forget_once_a_day()
        for run in Run.objects.filter(state__in=ACTIVE_STATES):
            if is_left(run) and release(run.pk, before=run.executor):
                log.warning("run %s was left by a process that is gone; going on", run.number)
                enqueue(run)
        _send_what_was_left()
        _forget_the_dead()

    def _forget_once_a_day(self) -> None:
        if self._forgot is None or monotonic() - self._forgot > DAY_SECONDS:
            retention.forget()
            self._forgot = monotonic()


def _send_what_was_left() -> None:
    """Send the e-mails of runs whose process was gone between its last write and its e-mail."""
    lately = timezone.now() - UNSENT_FOR
    waiting = Run.objects.filter(finished_at__gte=lately, notified_at=None).exclude(notify_email="")
    for run in waiting:
        if (
            completion_email.is_due(run)
            and is_dead(run.executor)
            and take(run.pk, before=run.executor)
        ):
            completion_email.send_when_due(run.pk)


def _forget_the_dead() -> None:
    """Processes that are gone and hold no run need not be remembered."""
    holding = Run.objects.filter(state__in=ACTIVE_STATES).values("executor")
    for worker in Worker.objects.exclude(executor__in=holding):
        if is_dead(worker.executor):
            worker.delete()


@contextmanager
def working() -> Iterator[None]:
    """Be a worker while the context lasts: take runs from the queue and from the dead."""
    from rollcall.imports import schedule

    with running(queue=QUEUE):
        schedule.keep_all()
        look = TakeOver()
        look.start()
        try:
            yield
        finally:
            look.stop()
