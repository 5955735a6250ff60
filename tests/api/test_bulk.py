"""Many users made or changed by one request; a job whose results tell of every user."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from rollcall.api.models import BulkJob
from rollcall.audit.models import Event
from rollcall.directory.models import Organization, User
from tests.api.conftest import Caller

SOURCE = "jumpcloud:custom_integration"


def people(count: int) -> list[dict[str, Any]]:
    return [{"username": f"user{n}", "email": f"user{n}@example.org"} for n in range(count)]


def results(api: Caller, job: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    while True:
        answer = api("GET", f"/api/v2/bulk/users/{job}/results?limit=100&skip={len(found)}")
        found += answer.json
        if len(found) >= int(answer.headers["x-total-count"]):
            return found


def create(api: Caller, body: list[dict[str, Any]], source: str = SOURCE) -> list[dict[str, Any]]:
    answer = api.post("/api/v2/bulk/users?suppressEmail=true", body, creation_source=source)
    return results(api, answer["jobId"])


def change(api: Caller, body: list[dict[str, Any]]) -> list[dict[str, Any]]:
    answer = api("PATCH", "/api/v2/bulk/users", body)
    assert answer.status == 200, answer.json
    return results(api, answer.json["jobId"])


def test_every_user_of_a_bulk_create_has_a_result_that_names_it(api: Caller) -> None:
    found = create(api, people(250))
    assert [one["status"] for one in found] == ["finished"] * 250
    assert found[0]["persistedFields"]["email"] == "user0@example.org"
    made = api.get(f"/api/systemusers/{found[249]['meta']['userId']}")
    assert (made["username"], made["creationSource"]) == ("user249", SOURCE)
    assert Event.objects.filter(action="user.create").count() == 250


@pytest.mark.parametrize(
    ("source", "setting"),
    [(SOURCE, "applicationImport"), ("jumpcloud:bulk", "csvImport"), (None, "csvImport")],
)
def test_the_creation_source_decides_which_default_state_is_given(
    api: Caller, source: str | None, setting: str
) -> None:
    other = {"manualEntry": "ACTIVATED", "csvImport": "ACTIVATED", "applicationImport": "ACTIVATED"}
    Organization.objects.filter(pk=Organization.the().pk).update(**{**other, setting: "STAGED"})
    headers = {"creation_source": source} if source else {}
    api.post("/api/v2/bulk/users", people(1), **headers)
    assert User.objects.get().state == "STAGED"


def test_a_state_that_is_given_counts_more_than_the_default(api: Caller) -> None:
    create(api, [{**people(1)[0], "state": "SUSPENDED"}])
    assert User.objects.get().state == "SUSPENDED"


def test_a_malformed_creation_source_is_refused(api: Caller) -> None:
    answer = api("POST", "/api/v2/bulk/users", people(1), creation_source="personio")
    assert answer.status == 400
    assert not User.objects.exists()


def test_one_bad_user_does_not_stop_the_others(api: Caller, mara: User) -> None:
    wrong = {"username": "long", "email": "long@example.org", "jobTitle": "x" * 1025}
    twice = {"username": "USER0", "email": "another@example.org"}
    taken = {"username": "other", "email": "mara.voss@example.org"}
    found = create(api, [wrong, *people(1), twice, taken, {}])
    assert [one["status"] for one in found] == ["failed", "finished"] + ["failed"] * 3
    assert "jobTitle" in found[0]["statusMsg"]
    assert found[2]["statusMsg"] == "Already Exists: another user has this username"
    assert found[3]["statusMsg"] == "Already Exists: another user has this email"
    assert found[3]["persistedFields"]["email"] == "mara.voss@example.org"
    assert User.objects.count() == 2


def test_a_bulk_change_carries_fields_states_and_managers(api: Caller, mara: User) -> None:
    ids = [one["meta"]["userId"] for one in create(api, people(3))]
    found = change(
        api,
        [
            {"id": ids[0], "department": "Sales", "manager": mara.id},
            {"id": ids[1], "state": "ACTIVATED"},
            {"id": ids[2], "state": "STAGED"},
            {"id": "65f0c0ffee0000000000ffff", "department": "Sales"},
        ],
    )
    assert [one["status"] for one in found] == ["finished", "finished", "failed", "failed"]
    first, second, third = (api.get(f"/api/systemusers/{one}") for one in ids)
    assert (first["department"], first["manager"]) == ("Sales", mara.id)
    assert (second["state"], third["state"]) == ("ACTIVATED", "STAGED")
    assert found[3]["statusMsg"] == "Not Found"
    assert [one["meta"]["userId"] for one in found[:3]] == ids


def test_a_user_may_be_changed_twice_in_one_request(api: Caller, mara: User) -> None:
    change(api, [{"id": mara.id, "firstname": "Maria"}, {"id": mara.id, "costCenter": "4100"}])
    found = api.get(f"/api/systemusers/{mara.id}")
    assert (found["firstname"], found["costCenter"]) == ("Maria", "4100")


def test_a_bulk_change_closes_no_circle_of_managers(api: Caller, mara: User) -> None:
    [lena] = [one["meta"]["userId"] for one in create(api, people(1))]
    found = change(api, [{"id": lena, "manager": mara.id}, {"id": mara.id, "manager": lena}])
    assert {one["status"] for one in found} == {"failed"}
    assert "reports to the user" in found[0]["statusMsg"]
    again = change(api, [{"id": lena, "manager": mara.id}, {"id": lena, "jobTitle": "Buyer"}])
    assert [one["status"] for one in again] == ["finished", "finished"]


def test_a_taken_email_is_that_users_outcome_alone(api: Caller, mara: User) -> None:
    ids = [one["meta"]["userId"] for one in create(api, people(2))]
    found = change(
        api,
        [
            {"id": ids[0], "email": "MARA.VOSS@example.org"},
            {"id": ids[1], "email": "new@example.org"},
        ],
    )
    assert [one["status"] for one in found] == ["failed", "finished"]


def test_a_batch_costs_the_same_few_statements_for_ten_users_as_for_a_hundred(api: Caller) -> None:
    def cost(body: list[dict[str, Any]]) -> int:
        with CaptureQueriesContext(connection) as statements:
            api.post("/api/v2/bulk/users", body, creation_source=SOURCE)
        return len(statements)

    everybody = people(111)
    cost(everybody[:1])
    ten, hundred = cost(everybody[1:11]), cost(everybody[11:])
    assert hundred == ten <= 20


@pytest.mark.parametrize("body", [{}, "users", [1], None])
def test_a_body_that_is_no_list_of_users_is_refused(api: Caller, body: Any) -> None:
    assert api("POST", "/api/v2/bulk/users", body).status == 400


def test_an_empty_list_is_a_job_with_no_results(api: Caller) -> None:
    assert create(api, []) == []


def test_results_are_kept_for_a_month(api: Caller) -> None:
    old = api.post("/api/v2/bulk/users", people(1), creation_source=SOURCE)["jobId"]
    BulkJob.objects.update(created=timezone.now() - timedelta(days=31))
    create(api, [])
    assert api("GET", f"/api/v2/bulk/users/{old}/results").status == 404
