"""An import asked for over the API, carried out by a worker, and followed to its end."""

from __future__ import annotations

import time

import pytest

from rollcall.api.jumpcloud.response_schemas import UserToImport
from rollcall.audit.models import Event
from rollcall.directory.models import Application, User
from rollcall.imports.models import Connection, Run
from rollcall.imports.source_accounts import seal_account
from rollcall.jobs import engine
from rollcall.sandbox.switches import SupervisorDetail, Switches
from tests.api.conftest import Answer, Caller
from tests.imports.world import Personio, let_go, personio

pytestmark = pytest.mark.django_db(transaction=True)
SECONDS = 60.0


def connected(company: Personio) -> Connection:
    """The Personio application with credentials that are kept."""
    return Connection.objects.create(
        name="Personio",
        source="personio",
        key=company.account.key,
        address=company.account.url,
        application=Application.objects.create(
            name="personio", displayLabel="Personio", active=True
        ),
        sealed_credentials=seal_account(company.account),
    )


def started(api: Caller, connection: Connection) -> str:
    """The id of the job."""
    address = f"/api/v2/applications/{connection.application_id}/import/jobs"
    return str(api.post(address, {"allowUserReactivation": True})["jobId"])


def followed(api: Caller, job: str) -> Answer:
    """The last page of results once the import has ended."""
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        answer = api("GET", f"/api/v2/applications/import/{job}/detailedresults?limit=100")
        if answer.headers["x-import-state"] == "completed":
            return answer
        time.sleep(0.1)
    raise AssertionError(f"after {SECONDS} s the import is {answer.headers['x-import-state']}")


def test_an_import_over_the_api_makes_users_once(api: Caller) -> None:
    with personio(30) as company, engine.working():
        connection = connected(company)
        first = followed(api, started(api, connection))
        let_go(Run.objects.latest("number"))
        second = followed(api, started(api, connection))
        let_go(Run.objects.latest("number"))
    assert len(first.json) == len(second.json) == 30
    assert first.headers["x-total-count"] == "30"
    created = [one for one in first.json if one["status"] == "created"]
    assert len(created) == User.objects.count() > 0
    assert not [one for one in second.json if one["status"] == "created"]
    known = {one["_id"] for one in api.get("/api/systemusers?limit=100")["results"]}
    assert {one["id"] for one in created} == known


def test_the_users_to_import_are_those_that_the_import_makes(api: Caller) -> None:
    switches = Switches(supervisor=SupervisorDetail.FULL)
    with personio(30, switches=switches) as company, engine.working():
        connection = connected(company)
        extra = [["id", "employeeIdentifier"]]
        connection.options = {"extra_mapping": extra, "without": ["office"]}
        connection.save()
        followed(api, started(api, connection))
        let_go(Run.objects.get())
    address = f"/api/v2/applications/{connection.application_id}/import/users?limit=100"
    employees = {one["id"]: one for one in api.get(address)["users"]}
    made = User.objects.select_related("manager")
    assert made.exists()
    for user in made:
        assert user.employeeIdentifier is not None
        assert shown(user) == employees[user.employeeIdentifier]


def shown(user: User) -> dict[str, str]:
    """What the directory has of a user, in the form of a user to import."""
    names = set(UserToImport.model_fields) - {"id", "manager"}
    values = {name: getattr(user, name) for name in names}
    values |= {"id": user.employeeIdentifier, "manager": user.manager and user.manager.email}
    return {name: value for name, value in values.items() if value}


def test_who_asked_for_the_import_is_in_the_audit_trail(api: Caller) -> None:
    with personio(3) as company, engine.working():
        followed(api, started(api, connected(company)))
        let_go(Run.objects.get())
    entry = Event.objects.get(action="import.start")
    assert (entry.actor_name, entry.door, entry.after["run"]) == ("tests", "api", 1)


def test_credentials_that_no_longer_open_are_told_and_start_nothing(api: Caller) -> None:
    with personio(3) as company:
        connection = connected(company)
    Connection.objects.update(sealed_credentials=b"sealed with another installation's key")
    answer = api("POST", f"/api/v2/applications/{connection.application_id}/import/jobs", {})
    assert answer.status == 400
    assert "credentials" in answer.json["message"]
    assert not Run.objects.exists()


def test_a_directory_without_its_settings_is_told_and_starts_nothing(
    api: Caller,
) -> None:
    with personio(3) as company:
        connection = connected(company)
    Connection.objects.update(target="jumpcloud")
    answer = api("POST", f"/api/v2/applications/{connection.application_id}/import/jobs", {})
    assert answer.status == 400
    assert "JumpCloud" in answer.json["message"]
    assert not Run.objects.exists()
