"""Takes out of an ended import into another directory what it noted of people who were erased."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from typing import Final

from django.db import transaction
from django.db.models import QuerySet

from rollcall.database.bulk_insert import in_parts
from rollcall.imports import tombstones
from rollcall.imports.models import ChangeRecord, Run, StagedEmployee
from rollcall.imports.personal_data import JSON_OF_CHANGES
from rollcall.privacy.mentions import erase_mentions
from rollcall.provisioning.employee import Employee, to_record
from rollcall.provisioning.reason import Reason
from rollcall.targets.registry import DEFAULT

AT_ONCE: Final = 500
EMPTIED: Final = (
    *("name", "email", "sort_name", "search_text", "takeover"),
    *("fields", "manager", "with_whom", "warnings", "error"),
)
"""The columns of a change that say something of whom it is about, its reason apart."""


@transaction.atomic
def take_out(run: Run) -> int:
    """Take out of the run what it noted of people who were erased before; how many they are.

    While it is at work such an import needs what the source says: somebody who has left must lose
    access there. Into the built-in directory it is never read (`tombstones`). Ids and results stay:
    without them the next read would take these people for gone.
    """
    erased = tombstones.erased_of(run.account_key) if run.target != DEFAULT else None
    if not erased:
        return 0
    staged = StagedEmployee.objects.filter(run=run).order_by()
    changes = ChangeRecord.objects.filter(run=run).order_by()
    ids = (rows.values_list("employee_id", flat=True).iterator() for rows in (staged, changes))
    days = erased.bare(chain.from_iterable(ids))
    for some in in_parts(days, AT_ONCE):
        own = changes.filter(employee_id__in=some)
        emails = {email.lower() for email in own.values_list("email", flat=True) if email}
        _empty_changes(own, days)
        _empty_staged(staged.filter(employee_id__in=some))
        erase_mentions(changes, JSON_OF_CHANGES, emails)
        erase_mentions(staged, ("record",), emails)
    return len(days)


def _empty_changes(changes: QuerySet[ChangeRecord], days: Mapping[str, str]) -> None:
    rows = list(changes.only("pk", "employee_id"))
    for row in rows:
        row.name = row.email = row.sort_name = row.search_text = ""
        row.fields, row.warnings, row.with_whom = [], [], []
        row.manager = row.takeover = row.error = None
        params = {"day": days[row.employee_id], "employee": row.employee_id}
        row.reason = Reason("erased_elsewhere", params).to_record()
    ChangeRecord.objects.bulk_update(rows, [*EMPTIED, "reason"], batch_size=AT_ONCE)


def _empty_staged(staged: QuerySet[StagedEmployee]) -> None:
    rows = list(staged)
    for row in rows:
        row.record = to_record(Employee(row.employee_id))
    StagedEmployee.objects.bulk_update(rows, ["record"], batch_size=AT_ONCE)
