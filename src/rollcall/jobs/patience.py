"""Goes on trying for as long as the database is away, and no longer than this process works."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import TypeVar

from django.conf import settings
from django.db import connections

from rollcall.database.errors import may_pass
from rollcall.jobs.errors import TakenOver

T = TypeVar("T")

FIRST_WAIT = 0.2
"""Seconds before the second try; each later wait is twice as long, up to the longest one."""

log = logging.getLogger(__name__)

_stopped = threading.Event()
_waiting: set[int] = set()


def until_possible(work: Callable[[], T], probe: Callable[[], object] = lambda: None) -> T:
    """Do the work, again and again where the database cannot be used; what came of it.

    `probe` is a small write that is made before the work is begun anew: a step that reads a whole
    company first is not to do so only to find the disk still full.

    Raises:
        TakenOver: this process is about to stop.
        Exception: whatever the work raised that will not pass by itself.
    """
    try:
        return _until_possible(work, probe)
    finally:
        note_possible()


def note_impossible() -> None:
    """Note that what this thread has to write cannot be written just now."""
    _waiting.add(threading.get_ident())


def note_possible() -> None:
    """Note that this thread waits for the database no longer."""
    _waiting.discard(threading.get_ident())


def is_waiting() -> bool:
    """Whether anything in this process waits for the database."""
    return bool(_waiting)


def _until_possible(work: Callable[[], T], probe: Callable[[], object]) -> T:
    wait, again = FIRST_WAIT, False
    while True:
        try:
            if again:
                probe()
            return work()
        except Exception as error:
            # Anything else would fail the same way again, and is the work's own outcome.
            if not may_pass(error):
                raise
            log.warning("the database cannot be used (%s); next try soon", type(error).__name__)
        note_impossible()
        # A broken connection is never used again: the next try begins with a new one.
        connections.close_all()
        # Not a sleep, so that a stop does not have to wait for a database that is away.
        rest(wait)
        wait, again = min(2 * wait, settings.LONGEST_WAIT), True


def rest(seconds: float) -> None:
    """Do nothing for so long.

    Raises:
        TakenOver: this process is about to stop.
    """
    if _stopped.wait(seconds):
        raise TakenOver("this process stops")


def begin() -> None:
    """Let work be tried for as long as it takes."""
    _stopped.clear()


def end() -> None:
    """Wake whoever waits for the database: this process stops."""
    _stopped.set()
