"""Forgets the durable engine's records of workflows that ended, and the queues of the dead."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import Final

from dbos import DBOS, WorkflowStatus
from django.utils import timezone

from rollcall.jobs.engine import queue_of
from rollcall.jobs.forgetting import AT_ONCE, most
from rollcall.jobs.handover import UNFINISHED, first_attempt

KEPT_FOR: Final = timedelta(days=30)


def forget() -> int:
    """Delete the records of workflows that ended long ago, a share in one pass; how many."""
    rows = DBOS.list_workflows(load_input=False, load_output=False, limit=AT_ONCE)
    late = [workflow_id for attempts in _by_work(rows) for workflow_id in _late(attempts)]
    some = late[: most(len(rows))]
    if some:
        DBOS.delete_workflows(some)
    return len(some)


def forget_queue(executor: str) -> None:
    """Delete the queue that this process, which is gone, had for itself."""
    DBOS.delete_queue(queue_of(executor))


def _by_work(rows: list[WorkflowStatus]) -> list[list[WorkflowStatus]]:
    # All attempts at one work go together: where the first is missing none is found any more.
    attempts = defaultdict(list)
    for row in rows:
        attempts[first_attempt(row.workflow_id)].append(row)
    return list(attempts.values())


def _late(attempts: list[WorkflowStatus]) -> list[str]:
    """The workflows of one work, the newest first, where all of them ended long ago."""
    before = (timezone.now() - KEPT_FOR).timestamp() * 1000
    ended = [row.completed_at or row.updated_at or 0 for row in attempts]
    if max(ended) >= before or any(row.status in UNFINISHED for row in attempts):
        return []
    return [row.workflow_id for row in reversed(attempts)]
