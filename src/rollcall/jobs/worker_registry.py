"""Which processes carry out work: their hearts, who of them is dead, and who is at what."""

from __future__ import annotations

import logging
import threading
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, connections
from django.utils import timezone

from rollcall.database.large_writes import lengthen_log
from rollcall.jobs import patience
from rollcall.jobs.models import Worker
from rollcall.jobs.process import (
    STOPPED,
    Identity,
    carried,
    pid_place,
    process_start,
    this_process,
)

BEATS = 6
"""How often a heart beats within the time after which its process is taken for dead."""

PATIENCE_SECONDS = 5.0
"""How long a stop waits for a beat that is just being written down."""

log = logging.getLogger(__name__)


class Heartbeat:
    """Writes down again and again that this process lives, until it is stopped."""

    def __init__(self, identity: Identity) -> None:
        self._identity = identity
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="heartbeat", daemon=True)

    def start(self) -> None:
        """Beat once now, and from then on in the background."""
        beat(self._identity)
        self._thread.start()

    def stop(self) -> None:
        """Stop beating and sign off, so that nobody waits for this process."""
        self._stop.set()
        # Joined first: a beat that is just being written would bring the row back after its
        # deletion.
        self._thread.join(timeout=PATIENCE_SECONDS)
        try:
            Worker.objects.filter(pk=self._identity.executor).delete()
        except DatabaseError as error:
            log.warning("this process could not sign off: %s", type(error).__name__)

    def _run(self) -> None:
        try:
            while not self._stop.wait(settings.TAKE_OVER_AFTER / BEATS):
                self._beat_if_possible()
        finally:
            patience.note_possible()
            connections.close_all()

    def _beat_if_possible(self) -> None:
        """A database that is away for a moment must not end the heart for good."""
        try:
            beat(self._identity)
        except DatabaseError as error:
            # The engine waits by itself until it can begin a run, and says so to nobody: whoever
            # follows the run learns it from the heart.
            patience.note_impossible()
            log.warning("this process could not write down that it lives: %s", type(error).__name__)
            connections.close_all()
        else:
            patience.note_possible()


def beat(identity: Identity) -> None:
    """Write down that the process lives, and what it is at."""
    lengthen_log()  # a beat must not have to write back what an import is just writing
    Worker.objects.update_or_create(
        executor=identity.executor,
        defaults={
            "host": identity.host,
            "place": identity.place,
            "pid": identity.pid,
            "process_started": identity.process_started,
            "beat_at": timezone.now(),
            "carries": carried(),
        },
    )


def is_dead(executor: str) -> bool:
    """Whether the process of this name is gone; one that signed off or was never known is."""
    worker = Worker.objects.filter(pk=executor).first()
    return worker is None or _is_gone(worker)


def living() -> list[Worker]:
    """The processes that carry out work, as far as they are not gone."""
    return [worker for worker in Worker.objects.order_by("host", "pid") if not _is_gone(worker)]


def is_carried(key: str, executor: str, since: datetime | None) -> bool:
    """Whether the process that holds this work (`since` then) lives and is at it.

    Holding is a line in the database; carrying is a thread. Where there is the one without the
    other (a thread ended because not even its end could be written down) nobody is at the work.
    Between taking it and beginning it some time may pass. `since` and the heart of that process are
    told by one clock, its own.
    """
    if executor == this_process().executor:
        at_work, looked_at = carried(), timezone.now()
    else:
        worker = Worker.objects.filter(pk=executor).first()
        if worker is None or _is_gone(worker):
            return False
        at_work, looked_at = worker.carries, worker.beat_at
    # Half of it, so that work whose process has just taken it is not taken away before it begins.
    begins = timedelta(seconds=settings.TAKE_OVER_AFTER / 2)
    return key in at_work or since is None or looked_at - since < begins


def _is_gone(worker: Worker) -> bool:
    silent = timezone.now() - worker.beat_at > timedelta(seconds=settings.TAKE_OVER_AFTER)
    # On one machine the kernel knows at once; from elsewhere only silence tells.
    if worker.place and worker.place == pid_place() and worker.process_started > 0:
        started = process_start(worker.pid)
        # Whoever stopped it may wake it: what it writes then is refused by the epoch of its lease.
        return silent if started == STOPPED else started != worker.process_started
    return silent
