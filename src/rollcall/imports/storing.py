"""Employees and changes as rows, and back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from rollcall.core import searching
from rollcall.database.bulk_insert import insert, prepared
from rollcall.database.json_values import JsonText, as_json, read_json
from rollcall.imports.models import ChangeRecord, StagedEmployee
from rollcall.provisioning.change import Change, Kind, ManagerLink, Result
from rollcall.provisioning.employee import Employee, from_record, to_record
from rollcall.provisioning.reason import Reason
from rollcall.provisioning.serialization import (
    change_to_record,
    fields_from_record,
    link_from_record,
    takeover_from_record,
)

NOT_READ: Final = Reason("")
"""In place of the reason of a change that is about to be carried out, where nobody reads it."""

SORTED_BY = 64
"""How many characters of a name lists are sorted by."""


def stage(run_id: UUID, employees: Iterable[Employee]) -> None:
    """Write down what the source said of these employees; one already there is replaced."""
    run = prepared(StagedEmployee, "run", run_id)
    insert(
        StagedEmployee,
        ("run", "employee_id", "record"),
        ((run, employee.id, as_json(_staged(employee))) for employee in employees),
        conflict="ON CONFLICT (run_id, employee_id) DO UPDATE SET record = EXCLUDED.record",
    )


def _staged(employee: Employee) -> dict[str, Any]:
    """The record that is kept of what the source said."""
    record = to_record(employee)
    # It has decided which record counts; kept, a change of anything that nobody maps would make
    # the employee look different to `superseding`.
    record.pop("last_modified", None)
    return record


def staged(run_id: UUID) -> Iterator[Employee]:
    """Every employee that was written down for this run."""
    rows = StagedEmployee.objects.filter(run_id=run_id).values_list(JsonText("record"), flat=True)
    for record in rows.iterator(chunk_size=2000):
        yield from_record(read_json(record))


class StagedEmployees:
    """The employees of a run: everybody once, then some at a time, in any order.

    As long as they are no more than `kept`, they stay in memory and are read once.
    """

    def __init__(self, run_id: UUID, kept: int) -> None:
        self._run_id = run_id
        self._most = kept
        self._kept: dict[str, Employee] | None = None

    def __iter__(self) -> Iterator[Employee]:
        kept: dict[str, Employee] | None = {}
        for employee in staged(self._run_id):
            if kept is not None:
                kept[employee.id] = employee
                if len(kept) > self._most:
                    kept = None
            yield employee
        self._kept = kept

    def of(self, employee_ids: Sequence[str]) -> Iterator[Employee]:
        """These employees, in this order."""
        if self._kept is not None:
            return (self._kept[employee_id] for employee_id in employee_ids)
        return _staged_of(self._run_id, employee_ids)


def _staged_of(run_id: UUID, employee_ids: Sequence[str]) -> Iterator[Employee]:
    rows = StagedEmployee.objects.filter(run_id=run_id, employee_id__in=employee_ids)
    # As text: the engines' own decoding of JSON is slower than `read_json`.
    records = dict(rows.values_list("employee_id", JsonText("record")))
    return (from_record(read_json(records[employee_id])) for employee_id in employee_ids)


def store_changes(
    run_id: UUID,
    first: int,
    changes: Iterable[tuple[Change, date | None]],
    settled: Mapping[Kind, Result],
) -> None:
    """Write down some changes of a run's plan, numbered from `first` on.

    With each change comes the first day of an employee who is still to start. `settled` are the
    results of the kinds of change with which their employees are accounted for already.
    """
    run = prepared(ChangeRecord, "run", run_id)
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    came_out = {kind: (result.value, now) for kind, result in settled.items()}
    insert(
        ChangeRecord,
        _COLUMNS,
        (
            (
                run,
                seq,
                *_values(change, starts_on),
                *came_out.get(change.kind, ("", None)),
            )
            for seq, (change, starts_on) in enumerate(changes, first)
        ),
    )


def forget_changes(run_id: UUID) -> None:
    """Delete what was written down of a plan that was not finished."""
    ChangeRecord.objects.filter(run=run_id).delete()


def unsettle(run_id: UUID) -> None:
    """Account for nobody any more: the run's plan is not carried out."""
    settled = ChangeRecord.objects.filter(run=run_id).exclude(result="")
    settled.update(result="", finished_at=None)


_JSON = ("reason", "fields", "manager", "with_whom", "warnings", "takeover")
_TEXT = ("kind", "employee_id", "name", "email", "wave")
_PLACE = ("external_id", "sort_name", "search_text", "starts_on")
_OUTCOME = ("result", "finished_at")
_COLUMNS = ("run", "seq", *_TEXT, *_JSON, "asks", "user_id", "row", *_PLACE, *_OUTCOME)


def _values(change: Change, starts_on: date | None) -> Iterator[Any]:
    """The values of a change in the order of `_COLUMNS`, from its kind to its first day."""
    record = change_to_record(change)
    yield from (record[name] for name in _TEXT)
    yield from (None if (part := record[name]) is None else as_json(part) for name in _JSON)
    yield change.asks or ""
    yield record["user_id"] or ""
    yield record["row"]
    yield record["external_id"] or ""
    # Cut twice: folding may make a text longer ("ß" becomes "ss").
    yield change.name[:SORTED_BY].casefold()[:SORTED_BY]
    yield searching.joined((change.name, change.email))
    yield connection.ops.adapt_datefield_value(starts_on)


def writes_in(rows: QuerySet[ChangeRecord]) -> Iterator[Change]:
    """The changes in these rows as far as a directory takes them: what to write, and not why."""
    columns = ("kind", "employee_id", "name", "email", "user_id", "external_id")
    parts = rows.values_list(*columns, "takeover", JsonText("fields"))
    for kind, employee_id, name, email, user_id, external_id, takeover, fields in parts:
        yield Change(
            kind=Kind(kind),
            employee_id=employee_id,
            name=name,
            email=email,
            reason=NOT_READ,
            user_id=user_id or None,
            fields=fields_from_record(read_json(fields)),
            external_id=external_id or None,
            takeover=takeover_from_record(takeover),
        )


def links_in(rows: QuerySet[ChangeRecord]) -> Iterator[ManagerLink]:
    """The managers that are set by the changes in these rows."""
    for record in rows.order_by().values_list("manager", flat=True).iterator():
        if link := link_from_record(record):
            yield link
