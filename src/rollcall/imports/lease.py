"""Who holds a run: checked before every step and in every transaction that writes its results."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from rollcall.imports.models import ACTIVE_STATES, Run
from rollcall.jobs import lease
from rollcall.jobs.errors import TakenOver
from rollcall.jobs.process import this_process

_ALL = Run.objects.select_related("connection")
_AT_WORK = Run.objects.filter(state__in=ACTIVE_STATES)


def held(run_id: UUID) -> Run:
    """The run, if this process holds it and it is at work.

    Raises:
        TakenOver: another process carries it out, or it was cancelled meanwhile.
    """
    return _held(run_id, lock=False)


def locked(run_id: UUID) -> Run:
    """The run as `held` gives it, and nobody else's until the caller's transaction ends.

    Raises:
        TakenOver: see `held`.
    """
    return _held(run_id, lock=True)


def change_held(run_id: UUID, **values: Any) -> None:
    """Give the run these values, and lock it as `locked` does.

    Raises:
        TakenOver: see `held`.
    """
    lease.change(_AT_WORK, run_id, **values)


def prove(run_id: UUID) -> None:
    """Lock the run in the caller's transaction, which writes for it elsewhere than in its row.

    Raises:
        TakenOver: see `held`.
    """
    # Set to what it is, for the proof and the lock of the row in one statement.
    lease.change(_AT_WORK, run_id, executor=this_process().executor)


def still_held(run_id: UUID) -> None:
    """See to it that this process holds the run just now; nothing is locked.

    Raises:
        TakenOver: see `held`.
    """
    if not lease.mine(_AT_WORK, run_id).exists():
        raise TakenOver("the run is no longer held by this process")


def claim(run_id: UUID) -> Run:
    """Hold a run that nobody holds, or hold on to one's own; the run as it is then.

    Raises:
        TakenOver: another process holds it.
    """
    return lease.claim(_ALL, run_id)


def release(run_id: UUID, before: str) -> bool:
    """Take the run from the process `before` for anybody; False when another was quicker."""
    return lease.release(_ALL, run_id, before=before)


def take(run_id: UUID, before: str) -> bool:
    """Take the run from the process `before`; False when somebody else was quicker."""
    return lease.take(_ALL, run_id, before=before)


def forget(run_id: UUID) -> None:
    """This process is at the run no longer."""
    lease.forget(run_id)


def _held(run_id: UUID, *, lock: bool) -> Run:
    runs = lease.mine(_AT_WORK, run_id)
    run = (runs.select_for_update() if lock else runs.select_related("connection")).first()
    if run is None:
        raise TakenOver("the run is no longer held by this process")
    lease.remember(run)
    return run
