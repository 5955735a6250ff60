"""A twin in other letters is reported where somebody is made or renamed, and before an import."""

from __future__ import annotations

import json
from html import unescape
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from rollcall.accounts import api_keys, services
from rollcall.accounts.models import Role
from rollcall.audit.models import Event
from rollcall.directory.lookalikes import report_emails
from rollcall.directory.models import User, UserGroup
from rollcall.directory.services import HAND, NewGroup, NewUser, create_groups, create_users
from rollcall.provisioning.employee import Employee
from rollcall.provisioning.plan import plan
from rollcall.provisioning.rules import Rules
from tests.actors import TESTER

pytestmark = pytest.mark.django_db

BACKEND = "rollcall.accounts.backend.AccountBackend"
TWIN = "\u0430da@example.org"


@pytest.fixture
def admin(client: Client) -> Client:
    somebody = services.create(TESTER, "ada.admin@example.com", [Role.ADMINISTRATOR])
    client.force_login(somebody, backend=BACKEND)
    return client


def test_of_a_new_user_and_of_a_renamed_one(admin: Client) -> None:
    for name in ("ada", "grace"):
        new = NewUser({"username": name, "email": f"{name}@example.org"})
        create_users(TESTER, HAND, [new])
    form = {"username": "other", "email": TWIN}
    page = admin.post("/users/new/", form, follow=True).content.decode()
    assert f"{TWIN} looks like ada@example.org" in unescape(page)
    grace = User.objects.get(username="grace")
    form = {"username": "grace", "email": "gr\u0430ce2@example.org"}
    page = admin.post(f"/users/{grace.pk}/edit/", form, follow=True).content.decode()
    assert "looks like" not in page


def test_of_a_group(admin: Client) -> None:
    create_groups(TESTER, [NewGroup("\u0420\u0430yroll"), NewGroup("Sales")])
    page = admin.post("/groups/new/", {"name": "Payroll"}, follow=True).content.decode()
    assert "Payroll looks like \u0420\u0430yroll" in unescape(page)
    assert UserGroup.objects.filter(name="Payroll").exists()


def test_in_the_preview_of_an_import() -> None:
    people = [
        Employee(id="1", status="active", email="ada@example.org"),
        Employee(id="2", status="active", email=TWIN),
        Employee(id="3", status="active", email="o\u0308zlem@example.org"),
    ]
    warnings = [w for w in plan(people, [], Rules()).warnings if w.code == "lookalike_emails"]
    assert [dict(warning.params) for warning in warnings] == [
        {"value": TWIN, "other": "ada@example.org"}
    ]


def api(method: str, address: str, body: object) -> Any:
    """One request with a key of the API."""
    _, secret = api_keys.create(TESTER, "script")
    content = "application/scim+json" if "/scim/" in address else "application/json"
    return Client().generic(
        method, address, json.dumps(body), content, headers={"x-api-key": secret}
    )


def warned(answer: Any) -> str:
    """The warning of an answer that is none of trouble."""
    assert answer.status_code < 300, answer.content
    return str(answer.headers.get("Warning", ""))


@pytest.fixture
def ada() -> User:
    (made,) = create_users(TESTER, HAND, [NewUser({"username": "ada", "email": "ada@example.org"})])
    assert isinstance(made, User)
    return made


SCIM_USER = {
    "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
    "userName": "other",
    "emails": [{"value": TWIN, "primary": True}],
}


def test_in_answers_of_the_api(ada: User) -> None:
    body = {"username": "other", "email": TWIN}
    answer = api("POST", "/api/systemusers", body)
    other = User.objects.get(username="other")
    told = f'299 rollcall "email of user {other.pk} looks like that of {ada.pk}, in other letters"'
    assert warned(answer) == told
    event = Event.objects.get(action="user.lookalike")
    assert (event.target_id, event.after, event.door) == (other.pk, {"looks like": ada.pk}, "api")
    again = api("PUT", f"/api/systemusers/{other.pk}", {"email": TWIN, "jobTitle": "Buyer"})
    assert warned(again) == ""
    away = api("PUT", f"/api/systemusers/{other.pk}", {"email": "other@example.org"})
    assert warned(away) == ""
    assert warned(api("PUT", f"/api/systemusers/{other.pk}", {"email": TWIN})) == told


def test_in_answers_of_a_bulk_request(ada: User) -> None:
    body = [{"username": "other", "email": TWIN}, {"username": "kim", "email": "kim@example.org"}]
    answer = api("POST", "/api/v2/bulk/users", body)
    assert f"looks like that of {ada.pk}" in warned(answer)
    assert "jobId" in json.loads(answer.content)
    assert warned(answer).count("299 rollcall") == 1


def test_in_answers_of_scim(ada: User) -> None:
    answer = api("POST", "/scim/v2/Users", SCIM_USER)
    assert f"looks like that of {ada.pk}" in warned(answer)
    other = User.objects.get(username="other")
    assert warned(api("PUT", f"/scim/v2/Users/{other.pk}", SCIM_USER)) == ""


def test_in_answers_of_a_bulk_request_of_scim(ada: User) -> None:
    operation = {"method": "POST", "path": "/Users", "bulkId": "1", "data": SCIM_USER}
    schema = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
    answer = api("POST", "/scim/v2/Bulk", {"schemas": [schema], "Operations": [operation]})
    assert f"looks like that of {ada.pk}" in warned(answer)


def test_of_groups_in_answers_of_api_and_scim() -> None:
    (payroll,) = create_groups(TESTER, [NewGroup("Payroll")])
    assert isinstance(payroll, UserGroup)
    answer = api("POST", "/api/v2/usergroups", {"name": "P\u0430yroll"})
    assert f"looks like that of {payroll.pk}" in warned(answer)
    schema = "urn:ietf:params:scim:schemas:core:2.0:Group"
    body = {"schemas": [schema], "displayName": "\u0420ayroll"}
    assert "looks like that of" in warned(api("POST", "/scim/v2/Groups", body))
    assert Event.objects.filter(action="group.lookalike").count() == 2


def test_ten_are_named_and_the_rest_is_counted() -> None:
    names = [f"person{number}" for number in range(12)]
    users = [NewUser({"username": name, "email": f"{name}@example.org"}) for name in names]
    create_users(TESTER, HAND, users)
    twins = [
        {"username": f"other{number}", "email": f"p\u0435rson{number}@example.org"}
        for number in range(12)
    ]
    answer = api("POST", "/api/v2/bulk/users", twins)
    assert warned(answer).count("299 rollcall") == 11
    assert warned(answer).endswith('"2 more look like others"')
    assert Event.objects.filter(action="user.lookalike").count() == 12


def test_the_cost_does_not_grow_with_the_users(
    ada: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    users = [User(pk=f"{number:024x}", email=f"u{number}@example.org") for number in range(1000)]
    with django_assert_max_num_queries(3):
        assert report_emails(TESTER, users) == {}
