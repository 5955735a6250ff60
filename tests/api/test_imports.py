"""Imports started over the API, who would be imported, and how it went."""

from __future__ import annotations

from typing import Any

import pytest

from rollcall.directory.models import Application
from rollcall.imports import dispatch
from rollcall.imports.models import ChangeRecord, Connection, Run, RunState, StagedEmployee
from rollcall.imports.source_accounts import seal_account
from rollcall.sources.personio.account import Account
from tests.api.conftest import Caller

BOTH = ["users.create", "users.update"]


@pytest.fixture
def application(db: None) -> Application:
    return Application.objects.create(name="personio", displayLabel="Personio", active=True)


@pytest.fixture
def connection(application: Application) -> Connection:
    account = Account(url="http://127.0.0.1:1", client_id="id", client_secret="invented")
    return Connection.objects.create(
        name="Personio",
        source="personio",
        key=account.key,
        address=account.url,
        application=application,
        sealed_credentials=seal_account(account),
        options={"reactivation_allowed": False},
    )


def people(run: Run) -> None:
    for number, name in (("7", "Voss"), ("8", "Brandt")):
        record: dict[str, Any] = {
            "id": number,
            "first_name": "Mara",
            "last_name": name,
            "email": f"mara.{name.lower()}@example.org",
            "position": "Buyer",
            "supervisor": {"id": "1", "email": None},
            "cost_centers": [["4100", 100]],
        }
        StagedEmployee.objects.create(run=run, employee_id=number, record=record)


def test_the_employees_of_the_newest_read_are_shown_as_users_to_import(
    api: Caller, connection: Connection
) -> None:
    people(Run.objects.create(number=1, connection=connection, state=RunState.COMPLETED))
    address = f"/api/v2/applications/{connection.application_id}/import/users"
    found = api.get(f"{address}?sort=lastname&limit=1")
    assert found["total_count"] == 2
    assert found["users"] == [
        {
            "id": "8",
            "username": "mara.brandt",
            "email": "mara.brandt@example.org",
            "firstname": "Mara",
            "lastname": "Brandt",
            "jobTitle": "Buyer",
            "manager": "1",
            "costCenter": "4100",
        }
    ]
    assert api.get(f"{address}?filter=voss")["users"][0]["id"] == "7"
    assert api.get(f"{address}?isCount=true")["users"] == []
    first = api.get(f"{address}?isCursor=true&limit=1")
    second = api.get(f"{address}?isCursor=true&limit=1&cursor={first['cursor']}")
    assert [one["users"][0]["id"] for one in (first, second)] == ["7", "8"]
    assert second["cursor"] == ""


def test_an_import_is_started_with_the_credentials_that_are_kept(
    api: Caller,
    connection: Connection,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    handed: list[Run] = []
    monkeypatch.setattr(dispatch, "enqueue", handed.append)
    address = f"/api/v2/applications/{connection.application_id}/import/jobs"
    with django_capture_on_commit_callbacks(execute=True):
        job = api.post(address, {"allowUserReactivation": True, "operations": BOTH})["jobId"]
    run = Run.objects.get()
    assert handed == [run]
    assert (run.trigger, run.started_by, run.options["reactivation_allowed"]) == (
        "api",
        "tests",
        True,
    )
    assert api("POST", address, {}).status == 409
    results = api("GET", f"/api/v2/applications/import/{job}/detailedresults")
    assert (results.json, results.headers["x-import-state"]) == ([], "fetching")


def test_the_results_of_an_import_tell_of_every_employee(
    api: Caller, connection: Connection
) -> None:
    run = Run.objects.create(number=1, connection=connection, state=RunState.COMPLETED)
    ChangeRecord.objects.create(
        run=run,
        seq=1,
        kind="create",
        employee_id="7",
        user_id="65f0c0ffee0000000000a001",
        email="mara.voss@example.org",
        reason={"code": "new", "params": {"status": "active"}},
        result="created",
    )
    address = f"/api/v2/applications/import/{run.pk.hex[:24]}/detailedresults"
    [one] = api.get(address)
    assert (one["id"], one["status"]) == ("65f0c0ffee0000000000a001", "created")
    assert one["statusMsg"].startswith("New in Personio")
    assert api("GET", "/api/v2/applications/import/nonsense/detailedresults").status == 404


@pytest.mark.parametrize("body", [{"operations": ["users.create"]}, {"queryString": "a=b"}])
def test_a_part_of_an_import_cannot_be_asked_for(
    api: Caller, connection: Connection, body: Any
) -> None:
    address = f"/api/v2/applications/{connection.application_id}/import/jobs"
    assert api("POST", address, body).status == 400


def test_without_kept_credentials_nothing_is_started(api: Caller, connection: Connection) -> None:
    Connection.objects.update(sealed_credentials=None)
    address = f"/api/v2/applications/{connection.application_id}/import/jobs"
    assert "credentials" in api("POST", address, {}).json["message"]


def test_an_application_that_brings_no_employees_imports_nothing(
    api: Caller, application: Application
) -> None:
    for method, what in (("GET", "users"), ("POST", "jobs")):
        assert api(method, f"/api/v2/applications/{application.id}/import/{what}").status == 404


def test_employees_to_import_are_found_without_accents(api: Caller, connection: Connection) -> None:
    run = Run.objects.create(number=1, connection=connection, state=RunState.COMPLETED)
    people(run)
    record = {"id": "9", "first_name": "José", "last_name": "Muñoz", "email": "jm@example.org"}
    StagedEmployee.objects.create(run=run, employee_id="9", record=record)
    address = f"/api/v2/applications/{connection.application_id}/import/users"
    for typed in ("munoz", "MUÑOZ", "jose munoz", "Brándt"):
        assert len(api.get(f"{address}?filter={typed}")["users"]) == 1, typed
