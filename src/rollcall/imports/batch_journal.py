"""The run's own journal of a batch, as the directory port asks for it."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection, connections, transaction
from django.db.models import F
from django.utils import timezone

from rollcall.database.bulk_insert import prepared
from rollcall.database.json_values import as_json
from rollcall.imports.lease import change_held, prove, still_held
from rollcall.imports.models import BatchRecord, ChangeRecord
from rollcall.provisioning.change import Outcome


class RunJournal:
    """Progress of one batch of one run, kept in the run's tables (see `directory.port.Journal`)."""

    def __init__(self, run_id: UUID, batch: str) -> None:
        self._run_id = run_id
        self._name = batch
        self._thread = threading.get_ident()

    def begin(self) -> bool:
        """Note that the batch is about to be sent; True when that was noted before.

        Raises:
            TakenOver: the run was taken over or cancelled: nothing may be sent for it any more.
        """
        with transaction.atomic():
            prove(self._run_id)
            batch, _ = BatchRecord.objects.get_or_create(run_id=self._run_id, name=self._name)
            # Noted before anything is sent: after a crash in between the directory is looked
            # through first, and nobody is made twice.
            before, batch.begun = batch.begun, True
            batch.save(update_fields=["begun"])
        return before

    def job(self) -> str | None:
        """The job recorded for this batch, if any."""
        jobs = BatchRecord.objects.filter(run_id=self._run_id, name=self._name)
        return jobs.values_list("job", flat=True).first() or None

    def record_job(self, job: str) -> None:
        """Write down the job that carries this batch."""
        with transaction.atomic():
            prove(self._run_id)
            BatchRecord.objects.update_or_create(
                run_id=self._run_id, name=self._name, defaults={"job": job, "begun": True}
            )

    def prove(self) -> None:
        """Stop here if the run is another process's by now; may be called by any thread.

        Raises:
            TakenOver: the run was taken over or cancelled: nothing may be sent for it any more.
        """
        try:
            still_held(self._run_id)
        finally:
            # a directory's own threads come and go, and nobody would close their connections
            if threading.get_ident() != self._thread:
                connections.close_all()

    def record(self, outcomes: Sequence[Outcome]) -> None:
        """Write down how these employees came out, in the caller's transaction if there is one.

        Raises:
            TakenOver: the run was taken over or cancelled; the caller's transaction is undone.
        """
        now = timezone.now()
        with transaction.atomic(savepoint=False):
            change_held(self._run_id, applied=F("applied") + len(outcomes))
            _write_results(self._run_id, outcomes, now)


class LinkJournal(RunJournal):
    """The journal of a batch of managers: its employees have been counted already.

    The last record notes that the managers before the change numbered `linked_to` are linked, in
    the transaction that links them where that is the run's own database.
    """

    def __init__(self, run_id: UUID, batch: str, linked_to: int) -> None:
        super().__init__(run_id, batch)
        self._linked_to = linked_to
        self.noted = False

    def record(self, outcomes: Sequence[Outcome]) -> None:
        """Write down which links failed, and how far managers are linked."""
        now = timezone.now()
        with transaction.atomic(savepoint=False):
            change_held(self._run_id, linked_to=self._linked_to)
            _write_results(self._run_id, outcomes, now)
        self.noted = True


class LastLinkJournal(RunJournal):
    """The journal of links that failed before and are tried again: whoever fails no more has
    come out as in `linked`."""

    def __init__(self, run_id: UUID, batch: str, linked: Sequence[Outcome]) -> None:
        super().__init__(run_id, batch)
        self._linked = linked

    def record(self, outcomes: Sequence[Outcome]) -> None:
        """Write down which links failed again, and that the others are made."""
        failed = {outcome.employee_id for outcome in outcomes}
        linked = [outcome for outcome in self._linked if outcome.employee_id not in failed]
        with transaction.atomic(savepoint=False):
            prove(self._run_id)
            _write_results(self._run_id, [*outcomes, *linked], timezone.now())


def _write_results(run_id: UUID, outcomes: Sequence[Outcome], now: datetime) -> None:
    """One statement for all: the ORM's bulk update is a page of CASEs per row."""
    if not outcomes:
        return
    table = ChangeRecord._meta.db_table
    # A parameter in VALUES is text to PostgreSQL, and it converts none to jsonb by itself.
    error = "CAST(o.error AS jsonb)" if connection.vendor == "postgresql" else "o.error"
    places = ", ".join(["(%s, %s, %s, %s)"] * len(outcomes))
    values = [value for outcome in outcomes for value in _row(outcome)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH o (employee_id, result, user_id, error) AS (VALUES {places}) "  # noqa: S608 - the table's own name
            f"UPDATE {table} SET result = o.result, error = {error}, finished_at = %s,"
            f" user_id = CASE WHEN o.user_id = '' THEN {table}.user_id ELSE o.user_id END"
            f" FROM o WHERE {table}.run_id = %s AND {table}.employee_id = o.employee_id",
            [
                *values,
                connection.ops.adapt_datetimefield_value(now),
                prepared(ChangeRecord, "run", run_id),
            ],
        )


def _row(outcome: Outcome) -> tuple[str, str, str, str | None]:
    error = as_json(outcome.error.to_record()) if outcome.error else None
    return outcome.employee_id, outcome.result.value, outcome.user_id or "", error
