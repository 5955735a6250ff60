"""Users and groups over SCIM, as identity providers send them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from rollcall.audit.models import Event
from rollcall.directory.models import Organization, User, UserGroup

CORE = "urn:ietf:params:scim:schemas:core:2.0:"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


class Scim:
    """Sends SCIM requests with a bearer token."""

    def __init__(self, key: str) -> None:
        self._client = Client(headers={"Authorization": f"Bearer {key}"})

    def __call__(self, method: str, address: str, body: Any = None, status: int = 200) -> Any:
        """The JSON of an answer that has this status."""
        data = json.dumps(body) if body is not None else ""
        answer = self._client.generic(
            method, f"/scim/v2{address}", data, content_type="application/scim+json"
        )
        assert answer.status_code == status, answer.content
        if answer.content:
            assert answer["Content-Type"] == "application/scim+json"
        return answer.json() if answer.content else None

    def patch(self, address: str, *operations: dict[str, Any]) -> Any:
        """The resource after these operations."""
        body = {"schemas": [PATCH], "Operations": list(operations)}
        if not address.startswith("/Groups/"):
            return self("PATCH", address, body)
        # a group's answer would name all its members, so there is none
        assert self("PATCH", address, body, status=204) is None
        return self("GET", address)

    def found(self, address: str) -> list[str]:
        """The names of what a list holds."""
        resources = self("GET", address)["Resources"]
        return [one.get("userName") or one["displayName"] for one in resources]


@pytest.fixture
def scim(key: str) -> Scim:
    return Scim(key)


def person(user_name: str = "lena.brandt", /, **more: Any) -> dict[str, Any]:
    emails = [{"value": f"{user_name}@example.org", "type": "work", "primary": True}]
    return {"schemas": [CORE + "User"], "userName": user_name, "emails": emails, **more}


def enterprise(**more: Any) -> dict[str, Any]:
    return {ENTERPRISE: more}


def test_a_user_written_by_an_identity_provider_is_a_user_of_the_directory(
    scim: Scim, mara: User
) -> None:
    made = scim(
        "POST",
        "/Users",
        person(
            schemas=[CORE + "User", ENTERPRISE],
            name={"givenName": "Lena", "familyName": "Brandt"},
            title="Buyer",
            active=True,
            externalId="okta-1",
        )
        | enterprise(department="Purchasing", employeeNumber="1008", manager={"value": mara.id}),
        status=201,
    )
    user = User.objects.get(pk=made["id"])
    assert (user.username, user.email, user.state) == (
        "lena.brandt",
        "lena.brandt@example.org",
        "ACTIVATED",
    )
    assert (user.firstname, user.jobTitle, user.department) == ("Lena", "Buyer", "Purchasing")
    assert (user.employeeIdentifier, user.manager_id) == ("1008", mara.id)
    assert made["meta"]["location"].endswith(f"/scim/v2/Users/{made['id']}")
    assert scim("GET", f"/Users/{made['id']}") == made
    entry = Event.objects.get(action="user.create")
    assert (entry.door, entry.target_id) == ("scim", user.id)


def test_where_a_user_is_stands_under_the_base_address(
    scim: Scim, mara: User, settings: Any
) -> None:
    settings.BASE_URL = "https://people.example.org"
    location = scim("GET", f"/Users/{mara.id}")["meta"]["location"]
    assert location == f"https://people.example.org/scim/v2/Users/{mara.id}"


def test_a_user_name_that_is_an_email_stays_the_clients_name_for_the_user(scim: Scim) -> None:
    body = {"schemas": [CORE + "User"], "userName": "Lena.Brandt@example.org"}
    made = scim("POST", "/Users", body, status=201)
    user = User.objects.get()
    assert (made["userName"], user.username) == ("Lena.Brandt@example.org", "lena.brandt")
    assert user.email == "lena.brandt@example.org"
    assert scim.found('/Users?filter=userName eq "lena.brandt@EXAMPLE.org"') == [made["userName"]]
    assert scim.found('/Users?filter=userName eq "lena.brandt"') == []
    assert scim("POST", "/Users", body, status=409)["scimType"] == "uniqueness"


def test_without_active_a_new_user_gets_the_default_state_of_manual_entries(scim: Scim) -> None:
    Organization.objects.filter(pk=Organization.the().pk).update(manualEntry="STAGED")
    assert scim("POST", "/Users", person(), status=201)["active"] is False
    assert User.objects.get().state == "STAGED"


def test_inactive_suspends_and_active_brings_back(scim: Scim, mara: User) -> None:
    address = f"/Users/{mara.id}"
    scim.patch(address, {"op": "replace", "path": "active", "value": False})
    assert User.objects.get().state == "SUSPENDED"
    scim.patch(address, {"op": "Replace", "value": {"active": True}})
    assert User.objects.get().state == "ACTIVATED"


def test_an_inactive_staged_user_stays_staged(scim: Scim, mara: User) -> None:
    User.objects.update(state="STAGED")
    scim.patch(f"/Users/{mara.id}", {"op": "replace", "path": "title", "value": "Buyer"})
    assert User.objects.get().state == "STAGED"


def test_single_attributes_are_patched_by_path(scim: Scim, mara: User) -> None:
    patched = scim.patch(
        f"/Users/{mara.id}",
        {"op": "replace", "path": 'emails[type eq "work"].value', "value": "m.voss@example.org"},
        {"op": "add", "path": f"{ENTERPRISE}:costCenter", "value": "4100"},
        {"op": "remove", "path": f"{ENTERPRISE}:department"},
        {"op": "add", "path": "phoneNumbers", "value": [{"type": "mobile", "value": "+49 1"}]},
    )
    user = User.objects.get()
    assert (user.email, user.costCenter, user.department) == ("m.voss@example.org", "4100", "")
    assert user.phoneNumbers == [{"type": "mobile", "number": "+49 1"}]
    assert patched["emails"][0]["value"] == "m.voss@example.org"


def test_a_replaced_user_is_what_the_replacement_says(scim: Scim, mara: User) -> None:
    replaced = scim("PUT", f"/Users/{mara.id}", person("mara.voss", title="Head"))
    user = User.objects.get()
    assert (user.jobTitle, user.firstname, user.department) == ("Head", "", "")
    assert replaced["active"] is True


def test_what_identity_providers_send_on_top_is_passed_over(scim: Scim) -> None:
    scim("POST", "/Users", person(roles=[{"value": "x"}], locale="de-DE"), status=201)


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        (person("mara.voss"), 409, "uniqueness"),
        ({"schemas": [CORE + "User"]}, 400, "invalidValue"),
        (person(emails=[{"value": "nowhere"}]), 400, "invalidValue"),
        (person() | enterprise(manager={"value": "nobody"}), 400, "invalidValue"),
        ([], 400, "invalidSyntax"),
    ],
)
def test_what_cannot_be_saved_is_refused_as_scim_does(
    scim: Scim, mara: User, body: Any, status: int, kind: str
) -> None:
    refused = scim("POST", "/Users", body, status=status)
    assert refused["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:Error"]
    assert (refused["status"], refused["scimType"]) == (str(status), kind)
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('userName eq "MARA.voss"', ["mara.voss"]),
        ('userName sw "mara" and active eq true', ["mara.voss"]),
        ('userName sw "mara" and active eq false', []),
        ('emails.value co "example.org"', ["jonas", "mara.voss"]),
        ('emails[value eq "jonas@example.org"]', ["jonas"]),
        ('not (userName eq "jonas")', ["mara.voss"]),
        ('name.familyName eq "Voß" or userName eq "jonas"', ["jonas", "mara.voss"]),
        ("title pr", ["jonas"]),
        (f'{ENTERPRISE}:department eq "purchasing"', ["mara.voss"]),
        (f"{ENTERPRISE}:employeeNumber pr", ["mara.voss"]),
        ('meta.created gt "2020-01-01T00:00:00Z"', ["jonas", "mara.voss"]),
        ('userName ne "jonas"', ["mara.voss"]),
        ('externalId eq "x"', []),
    ],
)
def test_users_are_found_by_filters(scim: Scim, mara: User, text: str, expected: list[str]) -> None:
    User.objects.create(username="jonas", email="jonas@example.org", jobTitle="Clerk")
    assert scim.found(f"/Users?sortBy=userName&filter={text}") == expected


@pytest.mark.parametrize(
    "text",
    ["userName", 'nonsense eq "1"', 'phoneNumbers.value eq "1"', "active gt true", "title eq 5"],
)
def test_a_filter_that_cannot_be_is_refused(scim: Scim, text: str) -> None:
    assert scim("GET", f"/Users?filter={text}", status=400)["scimType"] == "invalidFilter"


def test_lists_come_in_pages_and_in_order(scim: Scim) -> None:
    User.objects.bulk_create(
        User(username=f"u{n:03}", email=f"u{n}@example.org") for n in range(30)
    )
    answer = scim("GET", "/Users?startIndex=11&count=5&sortBy=userName&sortOrder=descending")
    assert (answer["totalResults"], answer["startIndex"], answer["itemsPerPage"]) == (30, 11, 5)
    assert answer["Resources"][0]["userName"] == "u019"
    few = scim("GET", "/Users?attributes=userName&count=1")["Resources"][0]
    assert set(few) == {"schemas", "id", "userName"}
    assert scim("GET", "/Users?count=0")["Resources"] == []


def test_groups_are_made_filled_and_emptied(scim: Scim, mara: User) -> None:
    body = {"schemas": [CORE + "Group"], "displayName": "Buyers", "members": [{"value": mara.id}]}
    made = scim("POST", "/Groups", body, status=201)
    address = f"/Groups/{made['id']}"
    assert [one["value"] for one in made["members"]] == [mara.id]
    assert scim("GET", f"/Users/{mara.id}")["groups"][0]["display"] == "Buyers"
    gone = scim.patch(address, {"op": "remove", "path": f'members[value eq "{mara.id}"]'})
    assert "members" not in gone
    back = scim.patch(address, {"op": "add", "path": "members", "value": [{"value": mara.id}]})
    assert [one["value"] for one in back["members"]] == [mara.id]
    entra = {"op": "Remove", "path": "members", "value": [{"value": mara.id}]}
    assert "members" not in scim.patch(address, entra)
    renamed = scim.patch(address, {"op": "replace", "value": {"displayName": "Purchasing"}})
    assert renamed["displayName"] == "Purchasing"
    assert scim.found('/Groups?filter=displayName eq "purchasing"') == ["Purchasing"]
    scim("DELETE", address, status=204)
    scim("GET", address, status=404)
    assert not UserGroup.objects.exists()


def test_nobody_comes_to_report_to_themselves_by_scim(scim: Scim, mara: User) -> None:
    lena = scim("POST", "/Users", person(**enterprise(manager={"value": mara.id})), status=201)
    operation = {"op": "add", "path": f"{ENTERPRISE}:manager.value", "value": lena["id"]}
    body = {"schemas": [PATCH], "Operations": [operation]}
    refused = scim("PATCH", f"/Users/{mara.id}", body, status=400)
    assert "reports to the user" in refused["detail"]


@pytest.mark.parametrize("name", ["buyers", " BUYERS "])
def test_a_groups_name_is_taken_in_whatever_case(scim: Scim, name: str) -> None:
    body = {"schemas": [CORE + "Group"], "displayName": "Buyers"}
    scim("POST", "/Groups", body, status=201)
    refused = scim("POST", "/Groups", {**body, "displayName": name}, status=409)
    assert refused["scimType"] == "uniqueness"
    assert scim("POST", "/Groups", {**body, "displayName": " "}, status=400)["detail"] == (
        "displayName is required"
    )


def test_a_group_with_a_taken_name_or_an_unknown_member_is_refused(scim: Scim) -> None:
    body: dict[str, Any] = {"schemas": [CORE + "Group"], "displayName": "Buyers"}
    scim("POST", "/Groups", body, status=201)
    assert scim("POST", "/Groups", body, status=409)["scimType"] == "uniqueness"
    other = {**body, "displayName": "Others", "members": [{"value": "nobody"}]}
    scim("POST", "/Groups", other, status=400)
    assert UserGroup.objects.count() == 1


def test_a_deleted_user_is_gone(scim: Scim, mara: User) -> None:
    scim("DELETE", f"/Users/{mara.id}", status=204)
    scim("GET", f"/Users/{mara.id}", status=404)


def test_a_request_without_a_key_is_refused_as_scim_does(db: None) -> None:
    answer = Client().get("/scim/v2/Users")
    assert answer.status_code == 401
    assert answer.json()["status"] == "401"
