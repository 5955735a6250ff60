"""Accounts for people who were read before their run ended, and of whom nothing was decided."""

from __future__ import annotations

from rollcall.database.bulk_insert import in_parts
from rollcall.imports.models import ChangeRecord, Run
from rollcall.imports.storing import forget_changes, staged, store_changes
from rollcall.provisioning.change import NEEDS_ATTENTION, Change, Kind, Result
from rollcall.provisioning.employee import Employee
from rollcall.provisioning.reason import Reason

AT_ONCE = 2000


def account_for_undecided(run: Run, result: Result, reason: Reason) -> None:
    """Give everybody whom the run has read this result, in the place of half a plan.

    The run's own `fetched` says then how many they are; the caller saves it.
    """
    forget_changes(run.pk)
    number = 0
    wanted = to_retry(run)
    read = (one for one in staged(run.pk) if wanted is None or one.id in wanted)
    for people in in_parts(read, AT_ONCE):
        changes = [(_undecided(employee, reason), None) for employee in people]
        store_changes(run.pk, number, changes, {Kind.SKIP: result})
        number += len(people)
    run.fetched = number


def to_retry(run: Run) -> set[str] | None:
    """Whose changes a retry is about, though they are decided among everybody; None for all."""
    if run.retry_of_id is None:
        return None
    return set(
        ChangeRecord.objects.filter(run=run.retry_of_id, result__in=NEEDS_ATTENTION)
        .order_by()
        .values_list("employee_id", flat=True)
    )


def origin_of(run: Run) -> Run:
    """The run that read the employees of this one: itself, or the one whose people it retries."""
    while run.retry_of is not None and not run.staged.exists():
        run = run.retry_of
    return run


def _undecided(employee: Employee, reason: Reason) -> Change:
    email = employee.email if isinstance(employee.email, str) else ""
    return Change(Kind.SKIP, employee.id, employee.name, email, reason)
