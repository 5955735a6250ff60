"""The first stretch of an import: the source is read into the run's own staged employees."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from uuid import UUID

from django.db import transaction
from django.db.models import Count, F, IntegerField, OuterRef, Subquery, Value
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Coalesce

from rollcall.imports import tombstones
from rollcall.imports.lease import change_held, held
from rollcall.imports.models import Run, RunState, StagedEmployee
from rollcall.imports.options import Options
from rollcall.imports.source_accounts import kind_of, unseal_account
from rollcall.imports.storing import stage
from rollcall.provisioning.employee import Employee, Status
from rollcall.provisioning.lifecycle import status_word
from rollcall.provisioning.mapping import AttributeMapping
from rollcall.provisioning.reason import Reason
from rollcall.sources.base import Page
from rollcall.targets.registry import DEFAULT

STAGED_AT_ONCE = 1000
SHOWN_EVERY = 1.0
"""Seconds: where the source is slow, what has arrived is written down and shown this often."""


def fetch(run_id: UUID) -> None:
    """Read every employee into the run; begins anew where an earlier attempt was cut short.

    Raises:
        SourceError: the source refused or could not be reached.
        CredentialsGone: see `unseal_account`.
    """
    run = held(run_id)
    if run.state != RunState.FETCHING:
        return
    # Pages cannot be gone on with: they may have moved since, so that people would be missed.
    if run.fetched:
        _forget_staged(run_id)
    mapping = Options.from_record(run.options).mapping()
    account = unseal_account(run.sealed_credentials)
    kind = kind_of(account)
    attributes = [name for name in mapping.needed_attributes() if kind.has(name)]
    with closing(kind.open(account)) as source:
        try:
            readable = source.check(attributes)
            reading = source.employees(attributes)
            _stage(run_id, _without_the_erased(run, _in_our_words(reading, kind.statuses)))
        # Also where the process is told to stop: the requests that were sent stay counted.
        except BaseException:
            Run.objects.filter(pk=run_id).update(source_requests=_and(source.requests))
            raise
    summary = reading.summary
    unreadable = _mapped(mapping, (*readable.unreadable, *summary.unreadable))
    told = [Reason("unreadable", {"attribute": name}) for name in unreadable]
    notes = [note for note in summary.notes if note.code != "unreadable"]
    change_held(
        run_id,
        # a newer record of somebody was counted as one more
        fetched=Coalesce(Subquery(_NUMBER_STAGED), Value(0)),
        complete=summary.complete and not unreadable,
        warnings=[note.to_record() for note in (*told, *notes)],
        source_requests=_and(source.requests),
        sealed_credentials=None,  # they have served their purpose
        state=RunState.PLANNING,
    )


_NUMBER_STAGED = (
    StagedEmployee.objects.filter(run=OuterRef("pk"))
    .values("run")
    .annotate(number=Count("pk"))
    .values("number")
)


def _and(requests: int) -> CombinedExpression:
    """The requests to the source that the run has noted, and these."""
    return F("source_requests") + requests


def _forget_staged(run_id: UUID) -> None:
    with transaction.atomic():
        change_held(run_id, fetched=0)
        StagedEmployee.objects.filter(run=run_id).delete()


def _in_our_words(pages: Iterable[Page], statuses: Mapping[str, Status]) -> Iterator[Page]:
    """The pages with the source's words for where somebody stands translated into ours."""
    if not statuses:
        yield from pages
        return
    for page in pages:
        employees = tuple(_with_our_word(employee, statuses) for employee in page.employees)
        yield replace(page, employees=employees)


def _with_our_word(employee: Employee, statuses: Mapping[str, Status]) -> Employee:
    word = statuses.get(status_word(employee.status))
    return employee if word is None else replace(employee, status=word.value)


def _without_the_erased(run: Run, pages: Iterable[Page]) -> Iterator[Page]:
    """The pages with nothing but the id of those who were erased from the built-in directory.

    Another directory still has them, and its import may have to take their access away.
    """
    erased = tombstones.erased_of(run.account_key) if run.target == DEFAULT else None
    if not erased:
        yield from pages
        return
    for page in pages:
        yield replace(page, employees=tuple(map(erased.without_words, page.employees)))


def _stage(run_id: UUID, reading: Iterable[Page]) -> None:
    for employees, total in _in_batches(reading):
        with transaction.atomic():
            expected = Coalesce(Value(total, IntegerField()), F("expected"))
            # First in the transaction, so that who no longer holds the run writes nobody down.
            change_held(run_id, fetched=F("fetched") + len(employees), expected=expected)
            stage(run_id, employees)


def _in_batches(pages: Iterable[Page]) -> Iterator[tuple[list[Employee], int | None]]:
    """The pages' employees, many at once or those of a second, with the last total told."""
    # A later record of one employee is a newer one (see `sources.newest`); a statement takes each
    # row once.
    gathered: dict[str, Employee] = {}
    total: int | None = None
    began = time.monotonic()
    for page in pages:
        gathered |= {employee.id: employee for employee in page.employees}
        total = page.total if page.total is not None else total
        if len(gathered) >= STAGED_AT_ONCE or time.monotonic() - began >= SHOWN_EVERY:
            yield [*gathered.values()], total
            gathered, began = {}, time.monotonic()
    if gathered:
        yield [*gathered.values()], total


def _mapped(mapping: AttributeMapping, attributes: Iterable[str]) -> list[str]:
    """Of these attributes the ones that the mapping reads; the others are asked for as an extra."""
    sources = {rule.source for rule in mapping.rules}
    return [name for name in dict.fromkeys(attributes) if name in sources]
