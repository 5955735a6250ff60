"""The last stretch: the plan is carried out batch by batch; managers follow (`linking`)."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.db.models import Case, F, QuerySet, Value, When
from django.utils import timezone

from rollcall.imports import erased_words
from rollcall.imports.accounting import count
from rollcall.imports.batch_journal import RunJournal
from rollcall.imports.batches import Bounds, Cut, batches_of, name_of
from rollcall.imports.elsewhere import at_work_by_now
from rollcall.imports.lease import change_held, held
from rollcall.imports.linking import link_the_refused
from rollcall.imports.models import ChangeRecord, Run, RunState
from rollcall.imports.open_targets import BUILTIN, requests_since, target_of
from rollcall.imports.storing import writes_in
from rollcall.imports.superseding import newer_read, superseded
from rollcall.imports.undecided import origin_of
from rollcall.provisioning.change import UNWRITTEN, WRITING, Change, Kind, Result
from rollcall.provisioning.reason import Reason


def prepare(run_id: UUID) -> list[Bounds]:
    """The batches of the run's writes; a plan that waited for its review is cut into them now."""
    # Cut once: after a crash each batch has to be what it was, since its name is what the
    # directory's job was noted under.
    if batches := batches_of(run_id):
        return batches
    run = held(run_id)
    return _cut(run) if run.batch_count is None else []


def _cut(run: Run) -> list[Bounds]:
    """Cut what is to be written into batches; a review leaves out who was not chosen."""
    cut = Cut(target_of(run).batch_size)
    with transaction.atomic():
        changes = ChangeRecord.objects.filter(run=run)
        if run.review:
            _account_for_the_unwritten(changes)
        # A wave is what has to be there before the next one may be written.
        writes = changes.filter(result="").order_by("wave", "seq").values_list("wave", "seq")
        for wave, seq in writes.iterator():
            cut.add(wave, seq)
        change_held(run.pk, **cut.columns())
        cut.store(run.pk)
    return cut.batches


def _account_for_the_unwritten(changes: QuerySet[ChangeRecord]) -> None:
    now = timezone.now()
    changes.filter(kind__in=[kind.value for kind in UNWRITTEN]).update(
        result=Case(*(When(kind=kind.value, then=Value(UNWRITTEN[kind])) for kind in UNWRITTEN)),
        finished_at=now,
    )
    changes.filter(kind__in=[kind.value for kind in WRITING], chosen=False).update(
        result=Result.SKIPPED.value, error=Reason("not_chosen").to_record(), finished_at=now
    )
    changes.filter(chosen=True, ticked=False).exclude(asks="").update(
        result=Result.CONFLICT.value, error=Reason("not_ticked").to_record(), finished_at=now
    )


def apply_batch(run: Run, place: int, bounds: Bounds) -> None:
    """Carry out the batch at this place among the run's, or what an earlier attempt left of it.

    Of the run it goes by what never changes: that this process still holds it is proved by the
    journal, in the transaction of the writes or before they are sent.

    Raises:
        TargetError: the directory as a whole refused or could not be reached.
    """
    wave, first, last = bounds
    # Without a result: who was accounted for before a crash is not written a second time.
    rows = ChangeRecord.objects.filter(run=run, wave=wave, seq__range=(first, last), result="")
    changes = _still_true(run, list(writes_in(rows.order_by("seq"))), place)
    _account_for_mere_links(run, [change for change in changes if change.kind is Kind.LINK_MANAGER])
    writes = [change for change in changes if change.kind is not Kind.LINK_MANAGER]
    if writes:
        target_of(run).apply(writes, RunJournal(run.pk, name_of(place)))


def _still_true(run: Run, changes: list[Change], place: int) -> list[Change]:
    """The changes without those whose employees a newer read knows otherwise; these are told."""
    newer = newer_read(run) if changes else None
    overtaken = superseded(origin_of(run), newer, changes) if newer else []
    ids = {outcome.employee_id for outcome in overtaken}
    left = [change for change in changes if change.employee_id not in ids]
    overtaken += at_work_by_now(run, left)
    if overtaken:
        # Written down before the others are sent: a crash in between finds them accounted for.
        RunJournal(run.pk, name_of(place)).record(overtaken)
    ids = {outcome.employee_id for outcome in overtaken}
    return [change for change in changes if change.employee_id not in ids]


def _account_for_mere_links(run: Run, changes: list[Change]) -> None:
    """Where only the manager differs, the second pass does the writing and may correct this."""
    if changes:
        ids = [change.employee_id for change in changes]
        with transaction.atomic():
            change_held(run.pk, applied=F("applied") + len(ids))
            ChangeRecord.objects.filter(run=run, employee_id__in=ids).update(
                result=Result.UPDATED.value, finished_at=timezone.now()
            )


def finish(run: Run) -> None:
    """Close the books: the counts by result, and the time.

    Before, links that failed are tried once more, since all others are made by now.
    """
    counts = count(run.pk, "result")
    if Result.FAILED.value in counts and link_the_refused(run.pk):
        counts = count(run.pk, "result")
    # Into our own directory nothing of them was ever read.
    if run.target != BUILTIN:
        erased_words.take_out(held(run.pk))
    change_held(
        run.pk,
        counts=counts,
        target_requests=F("target_requests") + requests_since(run.pk),
        state=RunState.COMPLETED,
        finished_at=timezone.now(),
    )
