"""Accounts for people who were read before their run ended, and of whom nothing was decided."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import QuerySet

from rollcall.database.bulk_insert import in_parts
from rollcall.imports.models import ChangeRecord, Run
from rollcall.imports.storing import forget_changes, staged, store_changes
from rollcall.provisioning.change import NEEDS_ATTENTION, Change, Kind, Result
from rollcall.provisioning.reason import Reason

AT_ONCE = 2000


def account_for_undecided(run: Run, result: Result, reason: Reason) -> None:
    """Give everybody whom the run has read this result, in the place of half a plan.

    A retry is about certain people, and gives it to all of them, however far it has read. The run's
    own `fetched` says then how many they are; the caller saves it.
    """
    forget_changes(run.pk)
    number = 0
    for changes in in_parts(_undecided(run, reason), AT_ONCE):
        store_changes(run.pk, number, ((change, None) for change in changes), {Kind.SKIP: result})
        number += len(changes)
    run.fetched = number


def to_retry(run: Run) -> set[str] | None:
    """Whose changes a retry is about, though they are decided among everybody; None for all."""
    if run.retry_of_id is None:
        return None
    return set(_needing_attention(run).values_list("employee_id", flat=True))


def origin_of(run: Run) -> Run:
    """The run that read the employees of this one: itself, or the one whose people it retries."""
    while run.retry_of is not None and not run.staged.exists():
        run = run.retry_of
    return run


def _needing_attention(retry: Run) -> QuerySet[ChangeRecord]:
    rows = ChangeRecord.objects.filter(run=retry.retry_of_id, result__in=NEEDS_ATTENTION)
    return rows.order_by()


def _undecided(run: Run, reason: Reason) -> Iterator[Change]:
    if run.retry_of_id is None:
        for employee in staged(run.pk):
            email = employee.email if isinstance(employee.email, str) else ""
            yield Change(Kind.SKIP, employee.id, employee.name, email, reason)
        return
    people = _needing_attention(run).order_by("seq").values_list("employee_id", "name", "email")
    for employee_id, name, email in people:
        yield Change(Kind.SKIP, employee_id, name, email, reason)
