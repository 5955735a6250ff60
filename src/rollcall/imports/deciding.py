"""The second stretch: the staged employees and the directory become the run's plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from rollcall.imports.directories import directory_of, requests_since
from rollcall.imports.holding import held, locked
from rollcall.imports.models import ChangeRecord, Run, RunState
from rollcall.imports.options import Options
from rollcall.imports.storing import staged, store_changes
from rollcall.provisioning.change import NEEDS_ATTENTION, Change, Plan
from rollcall.provisioning.employee import Employee
from rollcall.provisioning.plan import plan
from rollcall.provisioning.reason import Reason
from rollcall.provisioning.safeguards import brake
from rollcall.provisioning.user import DirectoryIndex


def decide(run_id: UUID) -> None:
    """Make the run's plan and write it down; the run goes on, waits for review, or is stopped.

    Raises:
        DirectoryError: the directory refused or could not be reached.
    """
    run = held(run_id)
    if run.state != RunState.PLANNING:
        return
    directory = directory_of(run)
    index = DirectoryIndex.of(directory.users())
    options = Options.from_record(run.options)
    rules = options.rules(directory.default_state(), complete=run.complete)
    starts: dict[str, date] = {}
    decided = plan(_noting_starts(staged(_origin(run).pk), starts), index, rules)
    stopped = brake(decided, index, options.safeguards())
    with transaction.atomic():
        run = locked(run_id)
        ChangeRecord.objects.filter(run=run).delete()
        changes = _only_retried(run, decided.changes)
        store_changes(run_id, changes, starts)
        run.mapping_version = rules.mapping.version()
        run.fetched, run.counts = len(changes), Counter(change.kind.value for change in changes)
        _close(run, decided, stopped)


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
        ChangeRecord.objects.filter(run=run.retry_of_id, result__in=NEEDS_ATTENTION).values_list(
            "employee_id", flat=True
        )
    )
    return tuple(change for change in changes if change.employee_id in wanted)


def _close(run: Run, decided: Plan, stopped: Reason | None) -> None:
    """Note what the plan came to and where the run goes from here."""
    run.warnings = run.warnings + [warning.to_record() for warning in decided.warnings]
    run.directory_requests += requests_since(run.pk)
    run.planned_at = timezone.now()
    run.state = RunState.REVIEW if run.review else RunState.APPLYING
    if stopped is not None:
        run.state = RunState.STOPPED
        run.error_code, run.error = "safeguard", stopped.text()
        run.warnings = [*run.warnings, stopped.to_record()]
        run.finished_at = timezone.now()
    run.save()
