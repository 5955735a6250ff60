"""The first stretch of an import: Personio is read into the run's own staged employees."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from uuid import UUID

from django.db import transaction
from django.db.models import F, IntegerField, Value
from django.db.models.functions import Coalesce

from rollcall.imports import sealing
from rollcall.imports.errors import ImportProblem
from rollcall.imports.holding import held, locked
from rollcall.imports.models import Run, RunState, StagedEmployee
from rollcall.imports.options import Options
from rollcall.imports.storing import stage
from rollcall.personio.client import Personio
from rollcall.personio.settings import Account
from rollcall.provisioning.mapping import AttributeMapping
from rollcall.provisioning.reason import Reason


class CredentialsGone(ImportProblem):
    """The run was interrupted while Personio was read, and its credentials are not at hand."""


def seal_account(account: Account) -> bytes:
    """The account's credentials and address, sealed for the time that Personio is read."""
    return sealing.seal(json.dumps(asdict(account)))


def open_account(sealed: bytes | memoryview | None) -> Account:
    """The account that was sealed.

    Raises:
        CredentialsGone: nothing is sealed any more.
    """
    if not sealed:
        raise CredentialsGone("the credentials are no longer at hand; start the import again")
    return Account(**json.loads(sealing.unseal(bytes(sealed))))


def fetch(run_id: UUID) -> None:
    """Read every employee into the run; begins anew where an earlier attempt was cut short.

    Raises:
        PersonioError: Personio refused or could not be reached.
        CredentialsGone: see `open_account`.
    """
    run = held(run_id)
    if run.state != RunState.FETCHING:
        return
    StagedEmployee.objects.filter(run=run).delete()
    mapping = Options.from_record(run.options).mapping()
    attributes = mapping.needed_attributes()
    with Personio(open_account(run.sealed_credentials)) as personio:
        readable = personio.check(attributes)
        reading = personio.employees(attributes)
        fetched = 0
        for page in reading:
            fetched += len(page.employees)
            with transaction.atomic():
                locked(run_id)
                stage(run_id, page.employees)
                expected = Coalesce(Value(page.total, IntegerField()), F("expected"))
                Run.objects.filter(pk=run_id).update(fetched=fetched, expected=expected)
        summary = reading.summary
    unreadable = _mapped(mapping, (*readable.unreadable, *summary.unreadable))
    told = [Reason("unreadable", {"attribute": name}) for name in unreadable]
    notes = [note for note in summary.notes if note.code != "unreadable"]
    _close(run_id, summary.complete and not unreadable, [*told, *notes])


def _mapped(mapping: AttributeMapping, attributes: Iterable[str]) -> list[str]:
    """Of these attributes the ones that the mapping reads; the others are asked for as an extra."""
    sources = {rule.source for rule in mapping.rules}
    return [name for name in dict.fromkeys(attributes) if name in sources]


def _close(run_id: UUID, complete: bool, notes: list[Reason]) -> None:
    """Note what kind of read it was; the credentials have served their purpose and go."""
    with transaction.atomic():
        run = locked(run_id)
        run.fetched = StagedEmployee.objects.filter(run=run).count()
        run.complete = complete
        run.warnings = [note.to_record() for note in notes]
        run.sealed_credentials = None
        run.state = RunState.PLANNING
        run.save()
