"""What nobody sees is refused at every door, and the answer names the character and the field."""

from __future__ import annotations

import json
from html import unescape
from typing import Any

import pytest
from django.test import Client

from rollcall.accounts import api_keys, services
from rollcall.accounts.models import Role
from rollcall.directory.models import User, UserGroup
from rollcall.directory.rules import GroupDraft, check_groups, check_user
from rollcall.directory.services import Refused, update_organization
from rollcall.provisioning.change import Kind
from rollcall.provisioning.employee import Employee
from rollcall.provisioning.plan import plan
from rollcall.provisioning.rules import Rules
from rollcall.provisioning.user import State
from tests.actors import TESTER
from tests.doors.doors import CORE, GROUP

pytestmark = pytest.mark.django_db

BACKEND = "rollcall.accounts.backend.AccountBackend"
PERSON = {"username": "kurt", "email": "kurt@example.org", "firstname": "Kurt", "lastname": "Wolf"}
HIDDEN = [
    ("email", "ku\u200brt@example.org", "U+200B ZERO WIDTH SPACE", 3),
    ("email", "ku\x07rt@example.org", "U+0007 BELL", 3),
    ("username", "kur\u00adt", "U+00AD SOFT HYPHEN", 4),
    ("firstname", "\u202eKurt", "U+202E RIGHT-TO-LEFT OVERRIDE", 1),
    ("lastname", "Wo\x1blf", "U+001B ESCAPE", 3),
    ("department", "Sa\u2060les", "U+2060 WORD JOINER", 3),
]
SCIM_NAMES = {"email": "email", "username": "userName"}


@pytest.fixture
def admin(client: Client) -> Client:
    somebody = services.create(TESTER, "ada.admin@example.com", [Role.ADMINISTRATOR])
    client.force_login(somebody, backend=BACKEND)
    return client


@pytest.fixture
def key() -> str:
    return api_keys.create(TESTER, "tests")[1]


@pytest.mark.parametrize(("field", "text", "name", "place"), HIDDEN)
def test_of_a_user(admin: Client, key: str, field: str, text: str, name: str, place: int) -> None:
    given = {**PERSON, field: text}
    answers = {
        "rules": " ".join(refusal.text() for refusal in check_user(given)),
        "portal": unescape(admin.post("/users/new/", given).content.decode()),
        "api": call(key, "/api/systemusers", given),
        "bulk": call(key, "/api/v2/bulk/users", [given]),
        "scim": call(key, "/scim/v2/Users", as_scim(given)),
    }
    if job := json.loads(answers["bulk"]).get("jobId"):
        answers["bulk"] = read(key, f"/api/v2/bulk/users/{job}/results")
    for door, answer in answers.items():
        assert name in answer, (door, answer)
        assert str(place) in answer, door
    assert not User.objects.exists()


def test_of_an_employee_who_is_imported() -> None:
    hired = Employee(id="7", status="active", email="ku\u200brt@example.org", first_name="Kurt")
    (change,) = plan([hired], [], Rules()).changes
    assert change.kind is Kind.INVALID
    assert "U+200B ZERO WIDTH SPACE" in change.reason.text("Personio")
    assert "email" in change.reason.text("Personio")


def test_an_employee_is_imported_without_the_value_that_nobody_can_read() -> None:
    hired = Employee(
        id="7",
        status="active",
        email="kurt@example.org",
        first_name="Kurt",
        last_name="Wo\u200blf",
        department="Sales",
    )
    (change,) = plan([hired], [], Rules(default_state=State.ACTIVATED)).changes
    assert change.kind is Kind.CREATE
    assert {field.field for field in change.fields} >= {"firstname", "department"}
    assert "lastname" not in {field.field for field in change.fields}
    (warning,) = (w for w in change.warnings if w.code == "value_invisible")
    assert "lastname" in warning.text("Personio")
    assert "U+200B ZERO WIDTH SPACE, as character 3" in warning.text("Personio")


def test_of_a_group(admin: Client, key: str) -> None:
    name = "Sa\u200bles"
    ((refusal,),) = check_groups([GroupDraft({"name": name})])
    answers = {
        "rules": refusal.text(),
        "portal": unescape(admin.post("/groups/new/", {"name": name}).content.decode()),
        "api": call(key, "/api/v2/usergroups", {"name": name}),
        "scim": call(key, "/scim/v2/Groups", {"schemas": [GROUP], "displayName": name}),
    }
    for door, answer in answers.items():
        assert "U+200B ZERO WIDTH SPACE" in answer, (door, answer)
    assert not UserGroup.objects.exists()


def test_of_an_application(key: str) -> None:
    given = {"name": "bookmark", "displayLabel": "Wi\u200bki", "ssoUrl": "", "config": {}}
    assert "U+200B ZERO WIDTH SPACE" in call(key, "/api/applications", given)


def test_of_the_organization() -> None:
    refused = update_organization(TESTER, {"displayName": "Ex\u200bample"})
    assert isinstance(refused, Refused)
    assert "U+200B ZERO WIDTH SPACE" in refused.refusals[0].text()


def as_scim(values: dict[str, str]) -> dict[str, Any]:
    enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
    return {
        "schemas": [CORE, enterprise],
        "userName": values["username"],
        "name": {"givenName": values["firstname"], "familyName": values["lastname"]},
        "emails": [{"value": values["email"], "primary": True}],
        enterprise: {"department": values.get("department", "")},
    }


def call(key: str, address: str, body: Any, method: str = "POST") -> str:
    answer = Client().generic(
        method,
        address,
        json.dumps(body),
        content_type="application/json",
        headers={"x-api-key": key, "authorization": f"Bearer {key}"},
    )
    assert answer.status_code < 500
    return answer.content.decode()


def read(key: str, address: str) -> str:
    return Client().get(address, headers={"x-api-key": key}).content.decode()
