"""Hands work to the durable engine under a name of its own, and tells how that came out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from dbos import DBOS, SetWorkflowID, WorkflowStatus

from rollcall.jobs.engine import WORKFLOW_VERSION, own_queue
from rollcall.jobs.models import LeasedWork
from rollcall.jobs.worker_registry import is_carried

UNFINISHED = ("PENDING", "ENQUEUED", "DELAYED")
"""The statuses of a workflow that is yet to end."""

ATTEMPT: Final = "#"
"""What stands between the name of a workflow and which attempt it is; never in a name."""


def hand_over(name: str, carry_out: Callable[[str], None], key: str, *, queue: str) -> None:
    """Start the workflow `carry_out` of the work `key`, or resume the one begun and left.

    `name` tells the workflow from every other one. On this process's own queue it begins here and
    now; on another one whichever worker is free takes it.
    """
    made = attempts(name)
    if made and made[-1].status in UNFINISHED:
        # Resumed and not begun anew: the steps that are recorded as done are not looked at again.
        DBOS.resume_workflow(made[-1].workflow_id, queue_name=queue)
        return
    # One that ended without ending its work is begun anew: nothing is done twice.
    with SetWorkflowID(_workflow_id(name, len(made) + 1)):
        if queue == own_queue():
            DBOS.start_workflow(carry_out, key)
        else:
            DBOS.enqueue_workflow(queue, carry_out, key)


def attempts(name: str) -> list[WorkflowStatus]:
    """The workflows that were made under this name so far, the newest last."""
    made: list[WorkflowStatus] = []
    while (status := DBOS.get_workflow_status(_workflow_id(name, len(made) + 1))) is not None:
        made.append(status)
    return made


def is_left(name: str, work: LeasedWork) -> bool:
    """Whether work that is to be carried out is carried out by no living process."""
    made = attempts(name)
    newest = made[-1] if made else None
    if work.executor:
        # An engine that gave the workflow up leaves the row held by a process that does nothing
        # more.
        broken = newest is not None and newest.status == "ERROR"
        return broken or not is_carried(str(work.pk), work.executor, work.held_at)
    if newest is None or newest.status not in UNFINISHED:
        return True
    # taken from the queue, and not yet claimed
    taken = newest.executor_id or ""
    return newest.status == "PENDING" and not is_carried(str(work.pk), taken, _changed_at(newest))


def first_attempt(workflow_id: str) -> str:
    """The id of the first workflow that was made under the same name as this one."""
    return workflow_id.partition(ATTEMPT)[0]


def _changed_at(workflow: WorkflowStatus) -> datetime | None:
    milliseconds = workflow.updated_at
    return None if milliseconds is None else datetime.fromtimestamp(milliseconds / 1000, UTC)


def _workflow_id(name: str, attempt: int) -> str:
    first = f"{name}:{WORKFLOW_VERSION}"
    return first if attempt == 1 else f"{first}{ATTEMPT}{attempt}"
