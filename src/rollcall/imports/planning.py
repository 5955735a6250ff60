"""The second stretch: the staged employees and the directory become the run's plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from rollcall.database.bulk_insert import in_parts
from rollcall.directory.models import Organization
from rollcall.imports import elsewhere, erased_words, reasons, tombstones
from rollcall.imports.lease import change_held, held, prove
from rollcall.imports.models import Run, RunState, StagedEmployee
from rollcall.imports.open_targets import requests_since, target_of
from rollcall.imports.options import Options
from rollcall.imports.source_accounts import source_of
from rollcall.imports.storing import forget_changes, staged, staged_of, store_changes, unsettle
from rollcall.imports.ticks import tick_beforehand
from rollcall.imports.undecided import origin_of, to_retry
from rollcall.provisioning.change import UNWRITTEN, Change, Kind, declined
from rollcall.provisioning.directory_index import DirectoryIndex
from rollcall.provisioning.employee import Employee
from rollcall.provisioning.outline import Outline
from rollcall.provisioning.reason import Reason
from rollcall.provisioning.safeguards import Totals, brake
from rollcall.sources import registry
from rollcall.targets.base import Target

STRETCH = 4000
"""How many employees and their users are in memory at once while their changes are decided."""


@dataclass(slots=True)
class Planned:
    """What was planned so far: for everybody, and for those whom the run is about."""

    everybody: Totals = field(default_factory=Totals)
    stored: Counter[Kind] = field(default_factory=Counter)


def decide(run_id: UUID) -> str:
    """Make the run's plan and write it down; the state that the run is in then: it goes on, waits
    for review, or is stopped.

    What concerns several employees is decided first, from their keys alone; then everybody's
    change in stretches, so that a company of any size fits into little memory. What an attempt
    that was cut short had written down is made anew.

    Raises:
        TargetError: the directory refused or could not be reached.
    """
    run = held(run_id)
    if run.state != RunState.PLANNING:
        return run.state
    target = target_of(run)
    options = Options.from_record(run.options)
    length = Organization.the().username_length
    rules = options.rules(target.default_state(), complete=run.complete, username_length=length)
    index = DirectoryIndex.of(target.users())
    origin = origin_of(run).pk
    erased = _erased(run, origin)
    # Everybody's change is decided, of a retry too: who is whose manager hangs on all.
    outline = Outline.of(staged(origin), index, rules, erased=erased)
    planned = _write_down(run, outline, target)
    stopped = brake(planned.everybody, index, options.safeguards())
    warnings = list(_untold(outline.warnings, run))
    if stopped is not None:
        warnings.append(stopped)
    state = _where_to_go(run, stopped)
    with transaction.atomic():
        change_held(
            run_id,
            mapping_version=rules.mapping.version(),
            fetched=planned.stored.total(),
            counts={kind.value: count for kind, count in planned.stored.items()},
            warnings=[*run.warnings, *(warning.to_record() for warning in warnings)],
            target_requests=F("target_requests") + requests_since(run_id),
            planned_at=timezone.now(),
            state=state,
            **_end(run, stopped),
        )
        tick_beforehand(run.changes.all(), options)
        if stopped is not None:
            unsettle(run_id)
            erased_words.take_out(run)
    return state.value


def _erased(run: Run, origin: UUID) -> dict[str, str]:
    """Who of those who were read was erased, with the day; such people are not made anew."""
    erased = tombstones.erased_of(run.account_key)
    if not erased:
        return {}
    listed = StagedEmployee.objects.filter(run=origin).order_by()
    met = erased.among(listed.values_list("employee_id", flat=True).iterator())
    tombstones.note_met(erased, met, complete=run.complete)
    return met


def _write_down(run: Run, outline: Outline, target: Target) -> Planned:
    """Decide and store everybody's change, a stretch at a time and each in its own transaction.

    Nobody acts on them before the run leaves its state. Where it will go on by itself, everybody
    who needs no write is accounted for at once.
    """
    planned, origin, wanted = Planned(), origin_of(run).pk, to_retry(run)
    options = Options.from_record(run.options)
    settled = {} if run.review else UNWRITTEN
    for ids in in_parts(outline.employee_ids(), STRETCH):
        # Read a second time, since the outline kept keys alone.
        employees = list(staged_of(origin, ids))
        users = {user.id: user for user in target.users_of(outline.user_ids(ids))}
        changes = []
        for change in elsewhere.kept_at_work(run, [*outline.changes(employees, users)]):
            if not run.review and not options.agrees(change):
                change = declined(change)
            planned.everybody.add(change, users.get(change.user_id or ""))
            # The brakes count everybody; only who is retried is written down.
            if wanted is None or change.employee_id in wanted:
                changes.append(change)
        with transaction.atomic():
            prove(run.pk)
            # The first stretch: what an attempt that was cut short had written goes, under the same
            # proof that this process may write.
            if not planned.everybody.counts.total() - len(ids):
                forget_changes(run.pk)
            rows = _with_first_days(changes, employees)
            store_changes(run.pk, planned.stored.total(), rows, settled)
        planned.stored.update(change.kind for change in changes)
    return planned


def _with_first_days(
    changes: Iterable[Change], employees: Iterable[Employee]
) -> Iterator[tuple[Change, date | None]]:
    """The changes, each with the first day of an employee who is still to start."""
    today = timezone.localdate()
    starts = {
        employee.id: employee.hire_date
        for employee in employees
        if isinstance(employee.hire_date, date) and employee.hire_date >= today
    }
    return ((change, starts.get(change.employee_id)) for change in changes)


def _untold(warnings: Iterable[Reason], run: Run) -> Iterator[Reason]:
    """These warnings without those about what is not to be had: an attribute that this kind of
    source does not know, or a column of which the read has told that the file lacks it."""
    kind = registry.get(registry.kind_of(run.account_key))
    told = [Reason.from_record(record) for record in run.warnings]
    absent = {
        name
        for reason in told
        if reason.code == "csv_without_columns"
        for name in reason.params["attributes"].split(", ")
    }
    for warning in warnings:
        name = warning.params["attribute"] if warning.code == "attribute_unknown" else None
        if name is None or (kind.has(name) and name not in absent):
            yield warning


def _where_to_go(run: Run, stopped: Reason | None) -> RunState:
    if stopped is not None:
        return RunState.STOPPED
    return RunState.REVIEW if run.review else RunState.APPLYING


def _end(run: Run, stopped: Reason | None) -> dict[str, Any]:
    """What the run's columns say of its end where a safeguard stops it here."""
    if stopped is None:
        return {}
    return {
        "error_code": "safeguard",
        "error": reasons.in_english(stopped, source_of(run)),
        "finished_at": timezone.now(),
    }
