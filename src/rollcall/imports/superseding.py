"""Holds back changes of employees about whom a read newer than the plan's says something else."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Exists, OuterRef, Q

from rollcall.imports.models import Run, StagedEmployee
from rollcall.imports.undecided import origin_of
from rollcall.provisioning.change import Change, Outcome, Result
from rollcall.provisioning.reason import Reason


def newer_read(run: Run) -> Run | None:
    """The latest import of the same account that has read its source after this plan's read.

    Only a plan that waited for its review, or a retry that goes by what was read for another run,
    can have been overtaken: others go on at once.
    """
    origin = origin_of(run)
    if not run.review and origin.pk == run.pk:
        return None
    has_read = Q(retry_of=None) | Exists(StagedEmployee.objects.filter(run=OuterRef("pk")))
    later = Run.objects.filter(
        has_read,
        # A read that is still at work is not whole yet.
        lane=run.lane,
        number__gt=origin.number,
        planned_at__isnull=False,
    )
    return later.exclude(pk=run.pk).order_by("-number").first()


def superseded(origin: Run, newer: Run, changes: Sequence[Change]) -> list[Outcome]:
    """The outcomes of those employees whose record differs between the two reads.

    Whom an incomplete newer read does not list is left to the plan: it may have missed them.
    """
    ids = [change.employee_id for change in changes]
    rows = StagedEmployee.objects.filter(run__in=[origin.pk, newer.pk], employee_id__in=ids)
    records: dict[str, dict[object, object]] = {}
    for run_id, employee_id, record in rows.values_list("run", "employee_id", "record"):
        records.setdefault(employee_id, {})[run_id] = record
    reason = Reason("source_moved_since", {"number": str(newer.number)})
    return [
        Outcome(change.employee_id, Result.CONFLICT, change.user_id, reason)
        for change in changes
        if _differs(records.get(change.employee_id, {}), origin, newer)
    ]


def _differs(records: dict[object, object], origin: Run, newer: Run) -> bool:
    # Forgotten by now: nothing is left to compare with.
    if origin.pk not in records:
        return False
    if newer.pk not in records:
        return newer.complete
    return records[origin.pk] != records[newer.pk]
