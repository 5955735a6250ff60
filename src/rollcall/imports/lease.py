"""Who holds a run: checked before every step and in every transaction that writes its results."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from rollcall.imports.errors import TakenOver
from rollcall.imports.models import ACTIVE_STATES, Run
from rollcall.jobs.worker_registry import Identity

_this_process: list[Identity] = []


def identity() -> Identity:
    """Who this process is; made when it is asked for first."""
    if not _this_process:
        _this_process.append(Identity.new())
    return _this_process[0]


def held(run_id: UUID) -> Run:
    """The run, if this process holds it and it is at work.

    Raises:
        TakenOver: another process carries it out, or it was cancelled meanwhile.
    """
    run = Run.objects.select_related("connection").get(pk=run_id)
    _check(run)
    return run


def locked(run_id: UUID) -> Run:
    """The run as `held` gives it, and nobody else's until the caller's transaction ends.

    Raises:
        TakenOver: see `held`.
    """
    run = Run.objects.select_for_update().get(pk=run_id)
    _check(run)
    return run


def change_held(run_id: UUID, **values: Any) -> None:
    """Give the run these values, and lock it as `locked` does.

    Raises:
        TakenOver: see `held`.
    """
    mine = Run.objects.filter(pk=run_id, executor=identity().executor, state__in=ACTIVE_STATES)
    if not mine.update(**values):
        raise TakenOver("the run is no longer held by this process")


def _check(run: Run) -> None:
    if run.executor != identity().executor or run.state not in ACTIVE_STATES:
        raise TakenOver(f"run {run.number} is no longer held by this process")


def claim(run_id: UUID) -> None:
    """Hold a run that nobody holds, or hold on to one's own.

    Raises:
        TakenOver: another process holds it.
    """
    if not Run.objects.filter(pk=run_id, executor__in=["", identity().executor]).update(
        executor=identity().executor
    ):
        raise TakenOver("another process holds the run")


def release(run_id: UUID, before: str) -> bool:
    """Take the run from the process `before` for anybody; False when another was quicker."""
    return bool(Run.objects.filter(pk=run_id, executor=before).update(executor=""))


def take(run_id: UUID, before: str) -> bool:
    """Take the run from the process `before`; False when somebody else was quicker."""
    taken = Run.objects.filter(pk=run_id, executor=before).update(executor=identity().executor)
    return bool(taken)
