"""The second stretch: the staged employees and the directory become the run's plan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from rollcall.imports import erased_words, reasons, stretches, tombstones
from rollcall.imports.batches import Cut
from rollcall.imports.lease import change_held, held
from rollcall.imports.models import Run, RunState, StagedEmployee
from rollcall.imports.open_targets import (
    erased_of,
    organization_of,
    requests_since,
    target_of,
    username_length,
)
from rollcall.imports.options import Options
from rollcall.imports.source_accounts import source_of
from rollcall.imports.storing import StagedEmployees, unsettle
from rollcall.imports.stretches import Deciding, Planned, Stretch, write, write_all_but_the_last
from rollcall.imports.ticks import fitting_nobody, tick_beforehand
from rollcall.imports.undecided import origin_of, to_retry
from rollcall.provisioning.directory_index import DirectoryIndex
from rollcall.provisioning.outline import Outline
from rollcall.provisioning.reason import Reason
from rollcall.provisioning.safeguards import brake
from rollcall.sources import registry


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
    target, options = target_of(run), Options.from_record(run.options)
    length = username_length(run)
    rules = options.rules(target.default_state(), complete=run.complete, username_length=length)
    index = DirectoryIndex.of(target.users())
    origin = origin_of(run).pk
    employees = StagedEmployees(origin, kept=stretches.STRETCH)
    # Everybody's change is decided, of a retry too: who is whose manager hangs on all.
    outline = Outline.of(employees, index, rules, erased=_erased(run, origin))
    planned = Planned(Cut(target.batch_size))
    last = write_all_but_the_last(run, Deciding(run, outline, employees, target), planned)
    stopped = brake(planned.everybody, index, options.safeguards())
    return _conclude(run, outline, planned, last, stopped).value


def _conclude(
    run: Run, outline: Outline, planned: Planned, last: Stretch, stopped: Reason | None
) -> RunState:
    """Write the plan's last stretch down, and what it comes to; the state that the run goes to."""
    state, options = _where_to_go(run, stopped), Options.from_record(run.options)
    warnings = [*run.warnings, *_warnings(outline, run, stopped)]
    with transaction.atomic():
        change_held(
            run.pk,
            mapping_version=outline.rules.mapping.version(),
            organization=organization_of(run),
            warnings=warnings,
            target_requests=F("target_requests") + requests_since(run.pk),
            planned_at=timezone.now(),
            state=state,
            **_counted(planned, state),
            **_end(run, stopped),
        )
        write(run, last)
        tick_beforehand(run.changes.all(), options)
        if in_vain := [reason.to_record() for reason in _named_in_vain(run, options)]:
            # locked above; it may be held no longer, since it waits for its review
            Run.objects.filter(pk=run.pk).update(warnings=[*warnings, *in_vain])
        if state == RunState.APPLYING:
            planned.cut.store(run.pk)
        if stopped is not None:
            unsettle(run.pk)
            erased_words.take_out(run)
    return state


def _erased(run: Run, origin: UUID) -> dict[str, str]:
    """Who of those who were read was erased, with the day; such people are not made anew."""
    erased = erased_of(run)
    if not erased:
        return {}
    listed = StagedEmployee.objects.filter(run=origin).order_by()
    met = erased.among(listed.values_list("employee_id", flat=True).iterator())
    tombstones.note_met(erased, met, complete=run.complete)
    return met


def _counted(planned: Planned, state: RunState) -> dict[str, Any]:
    """What the run's columns say of how many there are."""
    cut = planned.cut.columns() if state == RunState.APPLYING else {}
    counts = {kind.value: count for kind, count in planned.stored.items()}
    return {"fetched": planned.stored.total(), "counts": counts, **cut}


def _warnings(outline: Outline, run: Run, stopped: Reason | None) -> Iterator[dict[str, Any]]:
    """What the plan adds to the run's warnings, as the run keeps them."""
    yield from (warning.to_record() for warning in _untold(outline.warnings, run))
    if stopped is not None:
        yield stopped.to_record()


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


def _named_in_vain(run: Run, options: Options) -> Iterator[Reason]:
    """A warning of each id that was agreed to beforehand, and that fits nobody who asks."""
    if to_retry(run) is not None:
        return  # it holds a part of those about whom was asked
    for employee_id in fitting_nobody(run.changes.all(), options):
        yield Reason("same_person_nobody", {"employee": employee_id})


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
