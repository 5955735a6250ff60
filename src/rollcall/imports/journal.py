"""The run's own journal of a batch, as the directory port asks for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from rollcall.imports.holding import locked
from rollcall.imports.models import BatchRecord, ChangeRecord, Run
from rollcall.imports.storing import as_json
from rollcall.provisioning.change import Outcome


class RunJournal:
    """Progress of one batch of one run, kept in the run's tables (see `directory.port.Journal`)."""

    def __init__(self, run_id: UUID, batch: str) -> None:
        self._run_id = run_id
        self._name = batch

    def begin(self) -> bool:
        """Note that the batch is about to be sent; True when that was noted before."""
        with transaction.atomic():
            batch, _ = BatchRecord.objects.get_or_create(run_id=self._run_id, name=self._name)
            before, batch.begun = batch.begun, True
            batch.save(update_fields=["begun"])
        return before

    def job(self) -> str | None:
        """The job recorded for this batch, if any."""
        jobs = BatchRecord.objects.filter(run_id=self._run_id, name=self._name)
        return jobs.values_list("job", flat=True).first() or None

    def record_job(self, job: str) -> None:
        """Write down the job that carries this batch."""
        BatchRecord.objects.update_or_create(
            run_id=self._run_id, name=self._name, defaults={"job": job, "begun": True}
        )

    def record(self, outcomes: Sequence[Outcome]) -> None:
        """Write down how these employees came out, in the caller's transaction if there is one.

        Raises:
            TakenOver: the run was taken over or cancelled; the caller's transaction is undone.
        """
        now = timezone.now()
        with transaction.atomic():
            locked(self._run_id)
            self._count(len(outcomes))
            _write_results(self._run_id, outcomes, now)

    def _count(self, applied: int) -> None:
        Run.objects.filter(pk=self._run_id).update(applied=F("applied") + applied)


class LinkJournal(RunJournal):
    """The journal of a batch of managers: its employees have been counted already."""

    def _count(self, applied: int) -> None:
        pass


def _write_results(run_id: UUID, outcomes: Sequence[Outcome], now: datetime) -> None:
    """One prepared statement for all rows: the ORM's bulk update is a page of CASEs per row."""
    table = ChangeRecord._meta.db_table
    finished = connection.ops.adapt_datetimefield_value(now)
    run = ChangeRecord._meta.get_field("run").get_db_prep_value(run_id, connection)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {table} SET result = %s, user_id = CASE WHEN %s = '' THEN user_id ELSE %s END,"  # noqa: S608 - the table's own name
            " error = %s, finished_at = %s WHERE run_id = %s AND employee_id = %s",
            [
                (
                    outcome.result.value,
                    outcome.user_id or "",
                    outcome.user_id or "",
                    as_json(outcome.error and outcome.error.to_record()),
                    finished,
                    run,
                    outcome.employee_id,
                )
                for outcome in outcomes
            ],
        )
