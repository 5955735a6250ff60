"""Whatever Personio sends as an employee's id, everybody can be written down for a run."""

from __future__ import annotations

import pytest

from rollcall.imports import runs
from rollcall.imports.models import ChangeRecord, StagedEmployee
from rollcall.imports.storing import stage, store_changes
from rollcall.provisioning.change import UNWRITTEN
from rollcall.provisioning.plan import plan
from rollcall.provisioning.rules import Rules
from rollcall.sources.personio.account import Account
from rollcall.sources.personio.v1.parsing import records
from tests.imports.world import request

ODD = [-7, 21.5, 1e30, 12345678901234567890, "a\x00b", "\ud83d", "9" * 65, "9" * 200, "ü" * 5000]


@pytest.mark.django_db
def test_employees_with_odd_ids_are_staged_and_have_a_change_each() -> None:
    run = runs.start_here(request(Account("http://127.0.0.1:9", "a", "b")))
    status = {"status": {"value": "active"}}
    found = records([{"attributes": {"id": {"value": one}, **status}} for one in ODD], frozenset())
    stage(run.pk, found.employees)
    changes = plan(found.employees, [], Rules()).changes
    store_changes(run.pk, 0, ((change, None) for change in changes), UNWRITTEN)
    assert StagedEmployee.objects.filter(run=run).count() == len(ODD)
    assert ChangeRecord.objects.filter(run=run).count() == len(ODD)
