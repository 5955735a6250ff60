"""SCIM as Microsoft Entra, Okta and others send it, beyond what the standard says."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from rollcall.directory.models import User, UserGroup
from tests.api.test_scim import CORE, ENTERPRISE, PATCH, Scim, enterprise, person


@pytest.fixture
def scim(key: str) -> Scim:
    return Scim(key)


@pytest.fixture
def lena(mara: User) -> User:
    return User.objects.create(username="lena", email="lena@example.org", state="ACTIVATED")


@pytest.mark.parametrize(
    "removal",
    [
        {"path": "members", "value": [{"value": "{}", "display": "Lena", "$ref": "x"}]},
        {"path": "members", "value": [{"$ref": None, "value": "{}", "type": "User"}]},
        {"path": "members", "value": {"value": "{}", "display": "L"}},
        {"path": 'members[value eq "{}"]'},
        {"path": f"{CORE}Group:members", "value": [{"value": "{}", "display": "Lena"}]},
    ],
)
def test_a_member_is_removed_by_value_whatever_stands_beside_it(
    scim: Scim, lena: User, mara: User, removal: dict[str, Any]
) -> None:
    members = [{"value": lena.id}, {"value": mara.id}]
    body = {"schemas": [CORE + "Group"], "displayName": "Buyers", "members": members}
    address = f"/Groups/{scim('POST', '/Groups', body, status=201)['id']}"
    operation = _filled({"op": "Remove", **removal}, lena.id)
    assert [one["value"] for one in scim.patch(address, operation)["members"]] == [mara.id]


def _filled(content: Any, text: str) -> Any:
    if isinstance(content, dict):
        return {key: _filled(value, text) for key, value in content.items()}
    if isinstance(content, list):
        return [_filled(value, text) for value in content]
    return content.replace("{}", text) if isinstance(content, str) else content


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (f"{ENTERPRISE}:manager", "{}"),
        (f"{ENTERPRISE}:manager", {"value": "{}"}),
        (f"{ENTERPRISE}:manager", [{"value": "{}", "displayName": "Lena"}]),
        (f"{ENTERPRISE}:manager.value", "{}"),
        (None, {f"{ENTERPRISE}:manager": "{}"}),
        (None, {ENTERPRISE: {"manager": "{}"}}),
        (None, {ENTERPRISE: {"manager": {"value": "{}", "displayName": "Lena"}}}),
    ],
)
def test_a_manager_is_set_by_id_or_text(
    scim: Scim, lena: User, mara: User, path: str | None, value: Any
) -> None:
    operation = {"op": "Add", "value": _filled(value, lena.id)} | ({"path": path} if path else {})
    scim.patch(f"/Users/{mara.id}", operation)
    mara.refresh_from_db()
    assert mara.manager_id == lena.id


@pytest.mark.parametrize("value", ["", None, {}, {"value": ""}, {"value": None}])
def test_an_empty_manager_is_none(scim: Scim, lena: User, mara: User, value: Any) -> None:
    User.objects.filter(pk=mara.pk).update(manager=lena)
    operation = {"op": "Replace", "path": f"{ENTERPRISE}:manager", "value": value}
    patched = scim.patch(f"/Users/{mara.id}", operation)
    assert "manager" not in patched.get(ENTERPRISE, {})


def test_a_manager_of_whom_only_the_name_is_said_stays_who_it_is(
    scim: Scim, lena: User, mara: User
) -> None:
    User.objects.filter(pk=mara.pk).update(manager=lena)
    operation = {
        "op": "replace",
        "path": f"{ENTERPRISE}:manager",
        "value": {"displayName": "Somebody"},
    }
    assert scim.patch(f"/Users/{mara.id}", operation)[ENTERPRISE]["manager"]["value"] == lena.id
    named = person("berta", **enterprise(manager={"displayName": "Somebody"}, department="IT"))
    made = scim("POST", "/Users", named, status=201)
    assert made[ENTERPRISE] == {"department": "IT"}


def test_a_manager_in_a_whole_resource_may_be_text(scim: Scim, lena: User) -> None:
    made = scim("POST", "/Users", person("berta", **enterprise(manager=lena.id)), status=201)
    assert made[ENTERPRISE]["manager"]["value"] == lena.id
    body = person("berta", **enterprise(manager=""))
    assert "manager" not in scim("PUT", f"/Users/{made['id']}", body).get(ENTERPRISE, {})


def test_an_address_is_found_and_changed_by_its_type(scim: Scim, lena: User, mara: User) -> None:
    assert scim.found('/Users?filter=emails[type eq "work"].value eq "lena@example.org"') == [
        "lena"
    ]
    both = 'emails[type eq "work" and value eq "lena@example.org"]'
    assert scim.found(f"/Users?filter={both}") == ["lena"]
    assert scim.found('/Users?filter=emails[type eq "other"].value eq "lena@example.org"') == []
    operation = {"op": "Replace", "path": 'emails[type eq "work"].value', "value": "l@example.org"}
    scim.patch(f"/Users/{lena.id}", operation)
    lena.refresh_from_db()
    assert lena.email == "l@example.org"


def test_of_many_addresses_two_are_kept_and_the_rest_of_the_request_too(scim: Scim) -> None:
    emails = [
        {"value": "home@example.org", "type": "home"},
        {"value": "work@example.org", "type": "work", "primary": True},
        {"value": "third@example.org", "type": "other"},
        {"value": "fourth@example.org", "type": "other"},
    ]
    made = scim("POST", "/Users", person("berta", emails=emails, title="Buyer"), status=201)
    user = User.objects.get()
    assert (user.email, user.alternateEmail) == ("work@example.org", "home@example.org")
    assert user.jobTitle == "Buyer"
    assert {email["value"] for email in made["emails"]} == {"home@example.org", "work@example.org"}


def test_a_target_that_is_not_there_is_told_as_such(scim: Scim, mara: User) -> None:
    for operation in (
        {"op": "remove"},
        {"op": "replace", "path": 'addresses[type co "wo"].locality', "value": "Kiel"},
    ):
        body = {"schemas": [PATCH], "Operations": [operation]}
        assert scim("PATCH", f"/Users/{mara.id}", body, status=400)["scimType"] == "noTarget"


def test_who_sends_no_key_is_told_how_to_send_one(db: None) -> None:
    for address in ("/scim/v2/Users", "/api/systemusers"):
        answer = Client().get(address)
        assert answer.status_code == 401
        assert answer["WWW-Authenticate"] == 'Bearer realm="Rollcall"'


def test_a_patched_group_is_answered_without_its_members(scim: Scim, lena: User) -> None:
    group = UserGroup.objects.create(name="Buyers")
    add = {"op": "add", "path": "members", "value": [{"value": lena.id}]}
    body = {"schemas": [PATCH], "Operations": [add]}
    assert scim("PATCH", f"/Groups/{group.id}", body, status=204) is None
    answer = scim("PATCH", f"/Groups/{group.id}?attributes=displayName", body)
    assert answer["displayName"] == "Buyers"
    assert "members" not in answer
