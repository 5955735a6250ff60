"""The first stretch of an import: the source is read into the run's own staged employees."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, F, IntegerField, OuterRef, Subquery, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from rollcall.imports.lease import change_held, held
from rollcall.imports.models import Run, RunState, StagedEmployee
from rollcall.imports.open_targets import erased_of
from rollcall.imports.options import Options
from rollcall.imports.source_accounts import kind_of, unseal_account
from rollcall.imports.storing import stage
from rollcall.provisioning.employee import Employee, Status
from rollcall.provisioning.lifecycle import status_word
from rollcall.provisioning.mapping import AttributeMapping
from rollcall.provisioning.reason import Reason
from rollcall.sources.base import Page, Source, SourceKind
from rollcall.targets.registry import DEFAULT

STAGED_AT_ONCE = 2000
SHOWN_EVERY = 1.0
"""Seconds: where the source is slow, what has arrived is written down and shown this often."""


@dataclass(slots=True)
class _Arrived:
    """Employees who were read and not written down yet, by id, and the last total that was told."""

    total: int | None = None
    employees: dict[str, Employee] = field(default_factory=dict)

    def add(self, page: Page) -> None:
        """Take in what one more page brought."""
        # A later record of one employee is a newer one (see `sources.newest`); a statement takes
        # each row once.
        self.employees |= {employee.id: employee for employee in page.employees}
        self.total = page.total if page.total is not None else self.total

    @property
    def expected(self) -> Combinable:
        """What the run's column of this name is to hold."""
        return Coalesce(Value(self.total, IntegerField()), F("expected"))


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
    with closing(kind.open(account)) as source:
        try:
            _read(run, kind, source, mapping)
        # Also where the process is told to stop: the requests that were sent stay counted.
        except BaseException:
            Run.objects.filter(pk=run_id).update(source_requests=_and(source.requests))
            raise


def _read(run: Run, kind: SourceKind[Any], source: Source, mapping: AttributeMapping) -> None:
    attributes = [name for name in mapping.needed_attributes() if kind.has(name)]
    readable = source.check(attributes)
    reading = source.employees(attributes)
    pages = _without_the_erased(run, _in_our_words(reading, kind.statuses))
    last = _stage_all_but_the_last(run.pk, pages)
    summary = reading.summary
    unreadable = _mapped(mapping, (*readable.unreadable, *summary.unreadable))
    with transaction.atomic():
        change_held(
            run.pk,
            # a newer record of somebody was counted as one more
            fetched=_number_staged_besides(last) + len(last.employees),
            expected=last.expected,
            complete=summary.complete and not unreadable,
            warnings=[reason.to_record() for reason in _told(unreadable, summary.notes)],
            source_requests=_and(source.requests),
            sealed_credentials=None,  # they have served their purpose
            state=RunState.PLANNING,
        )
        stage(run.pk, last.employees.values())


def _told(unreadable: Iterable[str], notes: Iterable[Reason]) -> Iterator[Reason]:
    """What the run is to say of its read."""
    yield from (Reason("unreadable", {"attribute": name}) for name in unreadable)
    yield from (note for note in notes if note.code != "unreadable")


def _number_staged_besides(last: _Arrived) -> Combinable:
    others = StagedEmployee.objects.filter(run=OuterRef("pk")).exclude(
        employee_id__in=list(last.employees)
    )
    number = others.values("run").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(number), Value(0))


def _and(requests: int) -> Combinable:
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
    erased = erased_of(run) if run.target == DEFAULT else None
    if not erased:
        yield from pages
        return
    for page in pages:
        yield replace(page, employees=tuple(map(erased.without_words, page.employees)))


def _stage_all_but_the_last(run_id: UUID, pages: Iterable[Page]) -> _Arrived:
    """Write down who arrives, many at once or those of a second, in transactions of their own.

    The last ones are left to the transaction that ends the read.
    """
    arrived, began = _Arrived(), time.monotonic()
    for page in pages:
        arrived.add(page)
        if len(arrived.employees) < STAGED_AT_ONCE and time.monotonic() - began < SHOWN_EVERY:
            continue
        with transaction.atomic():
            fetched = F("fetched") + len(arrived.employees)
            # First in the transaction, so that who no longer holds the run writes nobody down.
            change_held(run_id, fetched=fetched, expected=arrived.expected)
            stage(run_id, arrived.employees.values())
        arrived, began = _Arrived(arrived.total), time.monotonic()
    return arrived


def _mapped(mapping: AttributeMapping, attributes: Iterable[str]) -> list[str]:
    """Of these attributes the ones that the mapping reads; the others are asked for as an extra."""
    sources = {rule.source for rule in mapping.rules}
    return [name for name in dict.fromkeys(attributes) if name in sources]
