"""The count of a run: every employee fetched is accounted for, once."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db.models import Count
from django.utils import timezone

from rollcall.imports.models import ChangeRecord, Run
from rollcall.provisioning.change import NEEDS_ATTENTION, Result


def count(run_id: UUID, column: str) -> dict[str, int]:
    """How many of the run's employees stand under each value of the column (`kind`, `result`)."""
    rows = (
        ChangeRecord.objects.filter(run=run_id)
        .exclude(**{column: ""})
        .values_list(column)
        .order_by(column)
        .annotate(n=Count("pk"))
    )
    return dict(rows)


def adds_up(run: Run) -> bool:
    """Whether every employee that was fetched has a result."""
    return sum(count(run.pk, "result").values()) == run.fetched


def time_taken(run: Run) -> timedelta:
    """How long the run took, or has taken so far; the time in which it waited is left out."""
    end = run.finished_at or timezone.now()
    # Until it was planned and since it was approved: what a person thinks in between is not the
    # import's time.
    if run.review and run.planned_at and run.approved_at:
        return end - run.approved_at + (run.planned_at - run.started_at)
    if run.review and run.planned_at:
        return run.planned_at - run.started_at
    return end - run.started_at


def needing_attention(run: Run) -> int:
    """How many employees an administrator should look at."""
    return sum(run.counts.get(result.value, 0) for result in NEEDS_ATTENTION)


RESULT_ORDER = (
    Result.CREATED,
    Result.UPDATED,
    Result.ACTIVATED,
    Result.SUSPENDED,
    Result.REACTIVATED,
    Result.UNCHANGED,
    Result.SKIPPED,
    Result.CONFLICT,
    Result.INVALID,
    Result.FAILED,
)
"""The order in which results are shown everywhere."""
