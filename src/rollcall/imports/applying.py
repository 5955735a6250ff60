"""The last stretch: the plan is carried out batch by batch, then managers are linked."""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter
from typing import TypeAlias
from uuid import UUID

from django.db import transaction
from django.db.models import Case, F, QuerySet, Value, When
from django.utils import timezone

from rollcall.directory.port import Link
from rollcall.imports.accounting import count
from rollcall.imports.directories import directory_of, requests_since
from rollcall.imports.holding import change_held, held, locked
from rollcall.imports.journal import LinkJournal, RunJournal
from rollcall.imports.models import BatchRecord, ChangeRecord, Run, RunState
from rollcall.imports.rows import in_parts
from rollcall.imports.storing import change_of
from rollcall.provisioning.change import UNWRITTEN, WRITING, Change, Kind, Result
from rollcall.provisioning.reason import Reason

WRITTEN = [
    result.value
    for result in (
        Result.CREATED,
        Result.UPDATED,
        Result.SUSPENDED,
        Result.REACTIVATED,
        Result.ACTIVATED,
    )
]
"""The results of employees whose user is there and was written to."""


Bounds: TypeAlias = "tuple[int, int, int]"
"""A batch of writes: its wave, and the numbers of the first and the last change in it."""


def prepare(run_id: UUID) -> list[Bounds]:
    """Account for everybody who needs no write, and cut the rest into batches."""
    with transaction.atomic():
        run = locked(run_id)
        if run.batch_count is not None:
            return _cut_before(run)
        changes = ChangeRecord.objects.filter(run=run)
        if run.review:
            _account_for_the_unwritten(changes)
        number, batches = _cut(changes, directory_of(run).batch_size)
        BatchRecord.objects.bulk_create(
            BatchRecord(run=run, name=f"apply-{place}", wave=wave, first=first, last=last)
            for place, (wave, first, last) in enumerate(batches)
        )
        change_held(run_id, to_apply=number, batch_count=len(batches))
    return batches


def _cut_before(run: Run) -> list[Bounds]:
    cut = BatchRecord.objects.filter(run=run, name__startswith="apply-").order_by("wave", "first")
    return list(cut.values_list("wave", "first", "last"))


def _account_for_the_unwritten(changes: QuerySet[ChangeRecord]) -> None:
    now = timezone.now()
    changes.filter(kind__in=[kind.value for kind in UNWRITTEN]).update(
        result=Case(*(When(kind=kind.value, then=Value(UNWRITTEN[kind])) for kind in UNWRITTEN)),
        finished_at=now,
    )
    changes.filter(kind__in=[kind.value for kind in WRITING], chosen=False).update(
        result=Result.SKIPPED.value, error=Reason("not_chosen").to_record(), finished_at=now
    )


def _cut(changes: QuerySet[ChangeRecord], size: int) -> tuple[int, list[Bounds]]:
    """How many changes are left to write, and the batches of them, none of them over two waves."""
    batches: list[Bounds] = []
    number = 0
    left = changes.filter(result="").order_by("wave", "seq").values_list("wave", "seq")
    for wave, those in groupby(left.iterator(), key=itemgetter(0)):
        for some in in_parts((seq for _, seq in those), size):
            batches.append((wave, some[0], some[-1]))
            number += len(some)
    return number, batches


def apply_batch(run_id: UUID, place: int, bounds: Bounds) -> None:
    """Carry out the batch at this place among the run's, or what an earlier attempt left of it.

    Raises:
        DirectoryError: the directory as a whole refused or could not be reached.
    """
    run = held(run_id)
    wave, first, last = bounds
    rows = ChangeRecord.objects.filter(run=run, wave=wave, seq__range=(first, last), result="")
    changes = [change_of(row) for row in rows.order_by("seq")]
    _account_for_mere_links(run, [one for one in changes if one.kind is Kind.LINK_MANAGER])
    writes = [one for one in changes if one.kind is not Kind.LINK_MANAGER]
    if writes:
        directory_of(run).apply(writes, RunJournal(run_id, f"apply-{place}"))


def _account_for_mere_links(run: Run, changes: list[Change]) -> None:
    """Where only the manager differs, the second pass does the writing and may correct this."""
    if changes:
        ids = [change.employee_id for change in changes]
        with transaction.atomic():
            change_held(run.pk, applied=F("applied") + len(ids))
            ChangeRecord.objects.filter(run=run, employee_id__in=ids).update(
                result=Result.UPDATED.value, finished_at=timezone.now()
            )


def link_some(run_id: UUID) -> bool:
    """Link the managers of the next employees that wait for it; whether there may be more."""
    run = held(run_id)
    if run.state == RunState.APPLYING:
        change_held(run_id, state=RunState.LINKING)
    directory = directory_of(run)
    waiting = ChangeRecord.objects.filter(
        run=run, seq__gte=run.linked_to, manager__isnull=False, result__in=WRITTEN
    )
    columns = ("pk", "seq", "employee_id", "user_id", "manager", "warnings")
    rows = list(waiting.order_by("seq").only(*columns)[: directory.batch_size])
    if not rows:
        return False
    users = _users_of(run, [row.manager["employee_id"] for row in rows if row.manager])
    links, lost = [], []
    for row in rows:
        target = row.manager or {}
        manager = target["user_id"] or users.get(target["employee_id"] or "")
        if manager is None and target["employee_id"]:
            lost.append(row)
        else:
            links.append(Link(row.employee_id, row.user_id, manager))
    directory.link_managers(links, LinkJournal(run_id, f"link-{rows[0].seq}"))
    with transaction.atomic():
        change_held(run_id, linked_to=rows[-1].seq + 1)
        _warn_of(lost)
    return len(rows) == directory.batch_size


def _users_of(run: Run, employee_ids: list[str | None]) -> dict[str, str]:
    wanted = {one for one in employee_ids if one}
    found = ChangeRecord.objects.filter(run=run, employee_id__in=wanted).exclude(user_id="")
    return dict(found.values_list("employee_id", "user_id"))


def _warn_of(lost: list[ChangeRecord]) -> None:
    for row in lost:
        missing = Reason("manager_not_created", {"supervisor": row.manager["employee_id"]})
        row.warnings = [*row.warnings, missing.to_record()]
        row.save(update_fields=["warnings"])


def finish(run_id: UUID) -> None:
    """Close the books: the counts by result, and the time."""
    change_held(
        run_id,
        counts=count(run_id, "result"),
        directory_requests=F("directory_requests") + requests_since(run_id),
        state=RunState.COMPLETED,
        finished_at=timezone.now(),
    )
