"""The last stretch: the plan is carried out batch by batch, then managers are linked."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.db.models import Case, F, QuerySet, Value, When
from django.utils import timezone

from rollcall.directory.port import Link
from rollcall.imports.accounting import count
from rollcall.imports.directories import directory_of, requests_since
from rollcall.imports.holding import change_held, held, locked
from rollcall.imports.journal import LinkJournal, RunJournal
from rollcall.imports.models import ChangeRecord, Run, RunState
from rollcall.imports.storing import change_of
from rollcall.provisioning.change import RESULT_OF, WRITING, Change, Kind, Result
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


def prepare(run_id: UUID) -> int:
    """Account for everybody who needs no write, cut the rest into batches; how many there are."""
    with transaction.atomic():
        run = locked(run_id)
        if run.batch_count is None:
            changes = ChangeRecord.objects.filter(run=run)
            _account_for_the_unwritten(run, changes)
            run.to_apply, run.batch_count = _cut_into_batches(changes, directory_of(run).batch_size)
            run.save(update_fields=["to_apply", "batch_count"])
    return run.batch_count


def _account_for_the_unwritten(run: Run, changes: QuerySet[ChangeRecord]) -> None:
    now = timezone.now()
    unwritten = {kind: result for kind, result in RESULT_OF.items() if kind not in WRITING}
    changes.filter(kind__in=[kind.value for kind in unwritten]).update(
        result=Case(*(When(kind=kind.value, then=Value(unwritten[kind])) for kind in unwritten)),
        finished_at=now,
    )
    if run.review:
        changes.filter(kind__in=[kind.value for kind in WRITING], chosen=False).update(
            result=Result.SKIPPED.value, error=Reason("not_chosen").to_record(), finished_at=now
        )


def _cut_into_batches(changes: QuerySet[ChangeRecord], size: int) -> tuple[int, int]:
    """Number the batches, none of them over two waves; how many changes and batches these are."""
    left = changes.filter(result="").order_by("wave", "seq").values_list("pk", "wave")
    batches: list[list[int]] = []
    wave = -1
    for key, its_wave in left.iterator():
        if its_wave != wave or len(batches[-1]) == size:
            batches.append([])
            wave = its_wave
        batches[-1].append(key)
    for number, keys in enumerate(batches):
        changes.filter(pk__in=keys).update(batch=number)
    return sum(map(len, batches)), len(batches)


def apply_batch(run_id: UUID, batch: int) -> None:
    """Carry out one batch, or what an earlier attempt left of it.

    Raises:
        DirectoryError: the directory as a whole refused or could not be reached.
    """
    run = held(run_id)
    rows = ChangeRecord.objects.filter(run=run, batch=batch, result="").order_by("seq")
    changes = [change_of(row) for row in rows]
    _account_for_mere_links(run, [one for one in changes if one.kind is Kind.LINK_MANAGER])
    writes = [one for one in changes if one.kind is not Kind.LINK_MANAGER]
    if writes:
        directory_of(run).apply(writes, RunJournal(run_id, f"apply-{batch}"))


def _account_for_mere_links(run: Run, changes: list[Change]) -> None:
    """Where only the manager differs, the second pass does the writing and may correct this."""
    if changes:
        ids = [change.employee_id for change in changes]
        with transaction.atomic():
            change_held(run.pk, applied=F("applied") + len(ids))
            ChangeRecord.objects.filter(run=run, employee_id__in=ids).update(
                result=Result.UPDATED.value, finished_at=timezone.now()
            )


def link_some(run_id: UUID, start: int) -> int:
    """Link the managers of the next employees that wait for it, from the change `start` on.

    Returns where to go on, or 0 when nobody waits any more.
    """
    run = held(run_id)
    if run.state == RunState.APPLYING:
        change_held(run_id, state=RunState.LINKING)
    directory = directory_of(run)
    waiting = ChangeRecord.objects.filter(
        run=run, seq__gte=start, linked=False, manager__isnull=False, result__in=WRITTEN
    )
    columns = ("pk", "seq", "employee_id", "user_id", "manager", "warnings")
    rows = list(waiting.order_by("seq").only(*columns)[: directory.batch_size])
    if not rows:
        return 0
    users = _users_of(run, [row.manager["employee_id"] for row in rows if row.manager])
    links, lost = [], []
    for row in rows:
        target = row.manager or {}
        manager = target["user_id"] or users.get(target["employee_id"] or "")
        if manager is None and target["employee_id"]:
            lost.append(row)
        else:
            links.append(Link(row.employee_id, row.user_id, manager))
    directory.link_managers(links, LinkJournal(run_id, f"link-{rows[0].pk}"))
    _note_linked(run, rows, lost)
    return rows[-1].seq + 1 if len(rows) == directory.batch_size else 0


def _users_of(run: Run, employee_ids: list[str | None]) -> dict[str, str]:
    wanted = {one for one in employee_ids if one}
    found = ChangeRecord.objects.filter(run=run, employee_id__in=wanted).exclude(user_id="")
    return dict(found.values_list("employee_id", "user_id"))


def _note_linked(run: Run, rows: list[ChangeRecord], lost: list[ChangeRecord]) -> None:
    with transaction.atomic():
        locked(run.pk)
        for row in lost:
            missing = Reason("manager_not_created", {"supervisor": row.manager["employee_id"]})
            row.warnings = [*row.warnings, missing.to_record()]
            row.save(update_fields=["warnings"])
        ChangeRecord.objects.filter(pk__in=[row.pk for row in rows]).update(linked=True)


def finish(run_id: UUID) -> None:
    """Close the books: the counts by result, and the time."""
    with transaction.atomic():
        run = locked(run_id)
        run.counts = count(run, "result")
        run.directory_requests += requests_since(run_id)
        run.state = RunState.COMPLETED
        run.finished_at = timezone.now()
        run.save(update_fields=["counts", "directory_requests", "state", "finished_at"])
