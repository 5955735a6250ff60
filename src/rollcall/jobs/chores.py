"""Does chores in the background for as long as a process carries out work, each in its thread."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterable

from django.db import DatabaseError, InterfaceError, connections
from sqlalchemy.exc import SQLAlchemyError

from rollcall.jobs.registry import Chore

PATIENCE_SECONDS = 5.0
"""How long a stop waits for chores that are just being done, all of them together."""

log = logging.getLogger(__name__)


class Chores:
    """Threads that do these chores until they are stopped.

    Each has a thread of its own: a mail server that takes its time holds up nobody's take-over.
    """

    def __init__(self, chores: Iterable[Chore]) -> None:
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(
                target=self._repeat, args=(chore,), name=f"chore: {chore.name}", daemon=True
            )
            for chore in chores
        ]

    def start(self) -> None:
        """Do each chore now, and from then on in the background."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Begin no chore any more, and wait a moment for those that are being done."""
        self._stop.set()
        # One end for all: a process that is stopped just after it began is at every chore at once.
        end = time.monotonic() + PATIENCE_SECONDS
        for thread in self._threads:
            thread.join(timeout=max(0.0, end - time.monotonic()))

    def _repeat(self, chore: Chore) -> None:
        try:
            while True:
                attempt(chore)
                if self._stop.wait(chore.seconds):
                    return
        finally:
            connections.close_all()


def attempt(chore: Chore) -> None:
    """Do the chore once; a database that is away for a moment must not end it for good."""
    try:
        chore.run()
    except (DatabaseError, InterfaceError, SQLAlchemyError) as error:
        log.warning("%s could not be done: %s", chore.name, type(error).__name__)
        connections.close_all()
    except Exception as error:  # whatever it is, the next round may do better
        log.error("%s could not be done: %s", chore.name, type(error).__name__)
        connections.close_all()
