"""Leases: work is carried out by one process, which proves it in every transaction that writes.

A lease is two columns of the work's own row (`LeasedWork`), so that proving it costs no statement
of its own where the row is written anyway. Taking work raises its epoch; a process remembers the
epochs it was given, and whatever it writes is refused once the row's epoch has moved on.
"""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import F, QuerySet
from django.utils import timezone

from rollcall.jobs.errors import TakenOver
from rollcall.jobs.models import LeasedWork
from rollcall.jobs.process import this_process

W = TypeVar("W", bound=LeasedWork)

_epochs: dict[object, int] = {}
"""The epoch of each piece of work that this process holds, by its key."""


def mine(works: QuerySet[W], pk: object) -> QuerySet[W]:
    """Of these works the one with this key, as long as this process holds it."""
    held = works.filter(pk=pk, executor=this_process().executor)
    epoch = _epochs.get(pk)
    # Between taking the work and the first look at it no epoch is known yet.
    return held if epoch is None else held.filter(epoch=epoch)


def change(works: QuerySet[W], pk: object, **values: Any) -> None:
    """Give the work these values; its row is locked until the caller's transaction ends.

    Raises:
        TakenOver: this process does not hold it, or it is no longer among `works`.
    """
    if not mine(works, pk).update(**values):
        raise TakenOver("the work is no longer held by this process")


def claim(works: QuerySet[W], pk: object) -> W:
    """Hold work that nobody holds, or hold on to one's own; the work as it is then.

    Raises:
        TakenOver: another process holds it.
    """
    me = this_process().executor
    while work := works.filter(pk=pk, executor__in=["", me]).first():
        seen = works.filter(pk=pk, executor=work.executor, epoch=work.epoch)
        work.executor, work.epoch, work.held_at = me, work.epoch + 1, timezone.now()
        # Only as it was seen: of two processes at once one matches, and the other looks again.
        if seen.update(executor=me, epoch=work.epoch, held_at=work.held_at):
            _epochs[pk] = work.epoch
            return work
    raise TakenOver("another process holds the work")


def release(works: QuerySet[W], pk: object, *, before: str) -> bool:
    """Take the work from the process `before` for anybody; False when another was quicker."""
    return _hand_over(works, pk, before, "")


def take(works: QuerySet[W], pk: object, *, before: str) -> bool:
    """Take the work from the process `before`; False when somebody else was quicker."""
    return _hand_over(works, pk, before, this_process().executor)


def remember(work: LeasedWork) -> None:
    """Note the epoch of work that was looked at and found to be held by this process."""
    # Only where none is known: a later look must not lend this process somebody else's turn.
    _epochs.setdefault(work.pk, work.epoch)


def forget(pk: object) -> None:
    """The work has ended here, or begins anew: its epoch is no longer known."""
    _epochs.pop(pk, None)


def _hand_over(works: QuerySet[W], pk: object, before: str, after: str) -> bool:
    held = works.filter(pk=pk, executor=before)
    values = {"executor": after, "epoch": F("epoch") + 1, "held_at": timezone.now()}
    return bool(held.update(**values))
