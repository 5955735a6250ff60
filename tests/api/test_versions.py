"""A client overwrites nothing that it has not seen: entity tags, over SCIM and the vendor's API."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from rollcall.directory.models import User, UserGroup
from tests.api.test_scim import CORE, PATCH

TITLE = {"op": "replace", "path": "title", "value": "Buyer"}
RENAMED = {"op": "replace", "path": "displayName", "value": "Purchasing"}


class Requests:
    """Sends requests with conditions."""

    def __init__(self, key: str) -> None:
        self._client = Client(headers={"Authorization": f"Bearer {key}"})

    def __call__(self, method: str, address: str, body: Any = None, **headers: str) -> Any:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        data = json.dumps(body) if body is not None else ""
        return self._client.generic(
            method, address, data, content_type="application/json", headers=sent
        )


@pytest.fixture
def requests(key: str) -> Requests:
    return Requests(key)


@pytest.fixture
def group(db: None) -> UserGroup:
    return UserGroup.objects.create(name="Buyers")


def change_of(address: str) -> tuple[str, dict[str, Any]]:
    if not address.startswith("/scim/"):
        name = "jobTitle" if "systemusers" in address else "name"
        return "PUT", {name: "Somebody else"}
    operation = TITLE if "Users" in address else RENAMED
    return "PATCH", {"schemas": [PATCH], "Operations": [operation]}


@pytest.fixture(
    params=["/scim/v2/Users/", "/scim/v2/Groups/", "/api/systemusers/", "/api/v2/usergroups/"]
)
def address(request: Any, mara: User, group: UserGroup) -> str:
    place: str = request.param
    return place + (mara.id if "sers/" in place.replace("usergroups", "") else group.id)


def test_a_version_that_somebody_else_changed_is_not_overwritten(
    requests: Requests, address: str
) -> None:
    seen = requests("GET", address)["ETag"]
    method, change = change_of(address)
    changed = requests(method, address, change, If_Match=seen)
    assert changed.status_code in {200, 204}
    now = requests("GET", address)["ETag"]
    assert changed["ETag"] == now != seen
    for verb in (method, "DELETE"):
        refused = requests(verb, address, change, If_Match=seen)
        assert refused.status_code == 412
    assert requests("GET", address)["ETag"] == now
    assert requests(method, address, change, If_Match="*").status_code in {200, 204}
    assert requests("DELETE", address, If_Match=f'"x", {now}').status_code in {200, 204}


def test_what_the_client_has_already_is_not_sent_again(requests: Requests, address: str) -> None:
    first = requests("GET", address)
    again = requests("GET", address, If_None_Match=first["ETag"])
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    method, change = change_of(address)
    requests(method, address, change)
    assert requests("GET", address, If_None_Match=first["ETag"]).status_code == 200


def test_the_version_stands_in_the_resource_and_moves_with_all_that_it_holds(
    requests: Requests, mara: User, group: UserGroup
) -> None:
    address = f"/scim/v2/Users/{mara.id}"
    seen = requests("GET", address)
    assert seen.json()["meta"]["version"] == seen["ETag"]
    external = {"op": "add", "path": "externalId", "value": "okta-1"}
    body = {"schemas": [PATCH], "Operations": [external]}
    assert requests("PATCH", address, body)["ETag"] != seen["ETag"]


def test_a_group_is_modified_when_somebody_joins_and_is_found_by_it(
    requests: Requests, mara: User, group: UserGroup
) -> None:
    address = f"/scim/v2/Groups/{group.id}"
    User.objects.update(updated="2026-01-01T00:00:00Z")
    before = requests("GET", address).json()["meta"]
    body = {
        "schemas": [PATCH],
        "Operations": [{"op": "add", "path": "members", "value": [{"value": mara.id}]}],
    }
    requests("PATCH", address, body, If_Match=before["version"])
    after = requests("GET", address).json()["meta"]
    assert after["lastModified"] > before["lastModified"]
    assert after["version"] != before["version"]
    for place in ("Groups", "Users"):
        text = f'meta.lastModified gt "{before["lastModified"]}"'
        listed = requests("GET", f"/scim/v2/{place}?filter={text}").json()
        assert listed["totalResults"] == (1 if place == "Groups" else 0)
    made = {"schemas": [CORE + "Group"], "displayName": "Others"}
    assert requests("POST", "/scim/v2/Groups", made)["ETag"].startswith('W/"')
