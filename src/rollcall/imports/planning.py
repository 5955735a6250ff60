"""The second stretch: the staged employees and the directory become the run's plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from rollcall.imports.batches import cut, store_batches
from rollcall.imports.lease import change_held, held
from rollcall.imports.models import ChangeRecord, Run, RunState
from rollcall.imports.open_targets import directory_of, requests_since
from rollcall.imports.options import Options
from rollcall.imports.storing import staged, store_changes
from rollcall.provisioning.change import NEEDS_ATTENTION, UNWRITTEN, WRITING, Change
from rollcall.provisioning.employee import Employee
from rollcall.provisioning.plan import plan
from rollcall.provisioning.reason import Reason
from rollcall.provisioning.safeguards import brake
from rollcall.provisioning.user import DirectoryIndex


def decide(run_id: UUID) -> str:
    """Make the run's plan and write it down; the state that the run is in then: it goes on, waits
    for review, or is stopped.

    Where it goes on, everybody who needs no write is accounted for at once.

    Raises:
        TargetError: the directory refused or could not be reached.
    """
    run = held(run_id)
    if run.state != RunState.PLANNING:
        return run.state
    directory = directory_of(run)
    index = DirectoryIndex.of(directory.users())
    options = Options.from_record(run.options)
    rules = options.rules(directory.default_state(), complete=run.complete)
    starts: dict[str, date] = {}
    decided = plan(_noting_starts(staged(_origin(run).pk), starts), index, rules)
    stopped = brake(decided, index, options.safeguards())
    told = [*decided.warnings, stopped] if stopped is not None else decided.warnings
    changes = _only_retried(run, decided.changes)
    state = _where_to_go(run, stopped)
    goes_on = state is RunState.APPLYING
    number, batches = cut(_writes(changes) if goes_on else (), directory.batch_size)
    with transaction.atomic():
        change_held(
            run_id,
            mapping_version=rules.mapping.version(),
            fetched=len(changes),
            counts=Counter(change.kind.value for change in changes),
            warnings=[*run.warnings, *(one.to_record() for one in told)],
            directory_requests=F("directory_requests") + requests_since(run_id),
            planned_at=timezone.now(),
            state=state,
            to_apply=number,
            batch_count=len(batches) if goes_on else None,
            **_end(stopped),
        )
        store_changes(run_id, changes, starts, UNWRITTEN if goes_on else {})
        store_batches(run_id, batches)
    return state.value


def _noting_starts(employees: Iterator[Employee], starts: dict[str, date]) -> Iterator[Employee]:
    """Pass the employees on, and note on the way who is still to start and when."""
    today = timezone.localdate()
    for employee in employees:
        if isinstance(employee.hire_date, date) and employee.hire_date >= today:
            starts[employee.id] = employee.hire_date
        yield employee


def _origin(run: Run) -> Run:
    """The run that fetched the employees: this one, or the one that it retries."""
    while run.retry_of is not None:
        run = run.retry_of
    return run


def _only_retried(run: Run, changes: tuple[Change, ...]) -> tuple[Change, ...]:
    """Of a retry, only the employees who need attention; their plan is made among everybody."""
    if run.retry_of_id is None:
        return changes
    wanted = set(
        ChangeRecord.objects.filter(run=run.retry_of_id, result__in=NEEDS_ATTENTION)
        .order_by()
        .values_list("employee_id", flat=True)
    )
    return tuple(change for change in changes if change.employee_id in wanted)


def _writes(changes: Sequence[Change]) -> list[tuple[int, int]]:
    """The wave and the number of every change that writes, in the order of carrying them out."""
    return sorted((one.wave, seq) for seq, one in enumerate(changes) if one.kind in WRITING)


def _where_to_go(run: Run, stopped: Reason | None) -> RunState:
    if stopped is not None:
        return RunState.STOPPED
    return RunState.REVIEW if run.review else RunState.APPLYING


def _end(stopped: Reason | None) -> dict[str, Any]:
    """What the run's columns say of its end where a safeguard stops it here."""
    if stopped is None:
        return {}
    return {"error_code": "safeguard", "error": stopped.text(), "finished_at": timezone.now()}
