"""How long records of people are kept: what an import noted is deleted when its time is over."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from rollcall.audit.actions import Action
from rollcall.audit.actor import ROLLCALL
from rollcall.audit.recording import Entry, record_many
from rollcall.imports.events import run_target
from rollcall.imports.models import (
    ACTIVE_STATES,
    BatchRecord,
    ChangeRecord,
    Run,
    RunState,
    StagedEmployee,
)
from rollcall.jobs.forgetting import oldest

log = logging.getLogger(__name__)

STAGED_FOR = timedelta(days=30)
"""What the source said of each employee is needed for a retry, and for no longer than this."""


def forget() -> int:
    """Delete what has been kept long enough; how many runs lost their employees' changes.

    A run's own row, with its counts, stays: it holds nobody's data but who started it. A review
    that nobody ended in all that time is cancelled. One pass empties a share of the runs.
    """
    with transaction.atomic():
        StagedEmployee.objects.filter(run__in=_old(StagedEmployee, STAGED_FOR)).delete()
        old = _old(ChangeRecord, settings.KEEP_RUNS)
        _cancel(old.filter(state=RunState.REVIEW))
        emptied = old.count()
        ChangeRecord.objects.filter(run__in=old).delete()
        BatchRecord.objects.filter(run__in=old).delete()
    if emptied:
        log.info("the changes of %s old runs were deleted", emptied)
    return emptied


def _old(kind: type[ChangeRecord | StagedEmployee], kept_for: timedelta) -> QuerySet[Run]:
    """The runs whose rows of this kind are deleted now; a review may have none, and ends too."""
    has_rows = Exists(kind._default_manager.filter(run=OuterRef("pk")))
    kept = Run.objects.filter(has_rows | Q(state=RunState.REVIEW))
    # A run at work is needed, whatever its age.
    ended = kept.exclude(state__in=ACTIVE_STATES)
    late = ended.filter(started_at__lt=timezone.now() - min(kept_for, settings.KEEP_RUNS))
    return oldest(late, of=kept, by="started_at")


def _cancel(forgotten: QuerySet[Run]) -> None:
    sides = {"state": RunState.REVIEW.value}, {"state": RunState.CANCELLED.value}
    # Read before the update, after which the query finds them no longer.
    entries = [Entry(run_target(run), *sides) for run in forgotten.only("number")]
    record_many(ROLLCALL, Action.IMPORT_CANCEL, entries)
    forgotten.update(state=RunState.CANCELLED, finished_at=timezone.now())
