"""A twin in other letters is reported where somebody is made or renamed, and before an import."""

from __future__ import annotations

from html import unescape

import pytest
from django.test import Client

from rollcall.accounts import services
from rollcall.accounts.models import Role
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
