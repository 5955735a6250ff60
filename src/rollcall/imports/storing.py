"""Employees and changes as rows, and back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from uuid import UUID

from rollcall.imports.models import ChangeRecord, StagedEmployee
from rollcall.provisioning.change import Change
from rollcall.provisioning.employee import Employee, from_record, to_record
from rollcall.provisioning.records import change_from_record, change_to_record

ROWS_AT_ONCE = 500
SORTED_BY = 64
"""How many characters of a name lists are sorted by."""


def as_json(value: object) -> str | None:
    """The value as the text of a JSON column; None stays NULL."""
    return None if value is None else json.dumps(value, ensure_ascii=False)


def stage(run_id: UUID, employees: Iterable[Employee]) -> None:
    """Write down what Personio said of these employees; one already there is replaced."""
    StagedEmployee.objects.bulk_create(
        [
            StagedEmployee(run_id=run_id, employee_id=one.id, record=to_record(one))
            for one in employees
        ],
        batch_size=ROWS_AT_ONCE,
        update_conflicts=True,
        unique_fields=["run", "employee_id"],
        update_fields=["record"],
    )


def staged(run_id: UUID) -> Iterator[Employee]:
    """Every employee that was written down for this run."""
    rows = StagedEmployee.objects.filter(run_id=run_id).values_list("record", flat=True)
    for record in rows.iterator(chunk_size=2000):
        yield from_record(record)


def store_changes(run_id: UUID, changes: Iterable[Change], starts: Mapping[str, date]) -> None:
    """Write down the changes of a run's plan, in their order; `starts` by employee id."""
    ChangeRecord.objects.bulk_create(
        (
            _row(run_id, seq, change, starts.get(change.employee_id))
            for seq, change in enumerate(changes)
        ),
        batch_size=ROWS_AT_ONCE,
    )


def _row(run_id: UUID, seq: int, change: Change, starts_on: date | None) -> ChangeRecord:
    record = change_to_record(change)
    record["user_id"] = record["user_id"] or ""
    record["external_id"] = record["external_id"] or ""
    record["sort_name"] = change.name[:SORTED_BY].casefold()[:SORTED_BY]
    return ChangeRecord(run_id=run_id, seq=seq, starts_on=starts_on, **record)


def change_of(row: ChangeRecord) -> Change:
    """The change that was stored in this row."""
    return change_from_record(
        {
            "kind": row.kind,
            "employee_id": row.employee_id,
            "name": row.name,
            "email": row.email,
            "reason": row.reason,
            "user_id": row.user_id or None,
            "fields": row.fields,
            "external_id": row.external_id or None,
            "manager": row.manager,
            "wave": row.wave,
            "with_whom": row.with_whom,
            "warnings": row.warnings,
        }
    )
