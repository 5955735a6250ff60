"""Many SCIM requests in one (RFC 7644, 3.7)."""

from __future__ import annotations

from typing import Any

import pytest

from rollcall.accounts import api_keys
from rollcall.accounts.models import Role
from rollcall.directory.models import Membership, User, UserGroup
from tests.actors import TESTER
from tests.api.test_scim import CORE, PATCH, Scim, enterprise, person

BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"


@pytest.fixture
def scim(key: str) -> Scim:
    return Scim(key)


def sent(scim: Scim, *operations: Any, status: int = 200, **more: Any) -> Any:
    body = {"schemas": [BULK], "Operations": list(operations), **more}
    return scim("POST", "/Bulk", body, status=status)


def creation(name: str, **more: Any) -> dict[str, Any]:
    return {"method": "POST", "path": "/Users", "bulkId": name, "data": person(name, **more)}


def test_operations_may_refer_to_what_others_make_wherever_they_stand(scim: Scim) -> None:
    group = {
        "schemas": [CORE + "Group"],
        "displayName": "Buyers",
        "members": [{"type": "User", "value": "bulkId:lena"}],
    }
    answer = sent(
        scim,
        {"method": "POST", "path": "/Groups", "bulkId": "group", "data": group},
        creation("jonas", **enterprise(manager={"value": "bulkId:lena"})),
        creation("lena"),
    )
    assert [one["status"] for one in answer["Operations"]] == ["201", "201", "201"]
    lena = User.objects.get(username="lena")
    assert Membership.objects.get().user_id == lena.id
    assert User.objects.get(username="jonas").manager_id == lena.id
    by_name = {one["bulkId"]: one for one in answer["Operations"]}
    assert by_name["lena"]["location"].endswith(f"/Users/{lena.id}")
    assert by_name["lena"]["version"] == scim("GET", f"/Users/{lena.id}")["meta"]["version"]


def test_one_that_is_refused_does_not_stop_the_others(scim: Scim, mara: User) -> None:
    rename = {"schemas": [PATCH], "Operations": [{"op": "add", "path": "title", "value": "Head"}]}
    address = f"/Users/{mara.id}"
    stale = {"method": "PATCH", "path": address, "version": 'W/"x"', "data": rename}
    answer = sent(
        scim,
        creation("mara.voss"),
        stale,
        {"method": "PATCH", "path": address, "data": rename},
        {"method": "GET", "path": address},
        {"method": "DELETE", "path": "/Users/nobody"},
        {"method": "PATCH", "path": "/Users/bulkId:mara.voss", "data": rename},
    )
    statuses = [one["status"] for one in answer["Operations"]]
    assert sorted(statuses) == ["200", "404", "404", "409", "409", "412"]
    assert answer["Operations"][0]["response"]["scimType"] == "uniqueness"
    mara.refresh_from_db()
    assert mara.jobTitle == "Head"


def test_it_stops_at_the_error_that_the_client_names(scim: Scim, mara: User) -> None:
    answer = sent(scim, creation("mara.voss"), creation("lena"), failOnErrors=1)
    assert [one["status"] for one in answer["Operations"]] == ["409"]
    assert not User.objects.filter(username="lena").exists()


def test_what_refers_in_a_circle_is_refused(scim: Scim) -> None:
    a = creation("a", **enterprise(manager={"value": "bulkId:b"}))
    b = creation("b", **enterprise(manager={"value": "bulkId:a"}))
    answer = sent(scim, a, b)
    assert [one["status"] for one in answer["Operations"]] == ["409", "409"]
    assert not User.objects.exists()


def test_what_is_too_much_is_refused_before_any_of_it(scim: Scim) -> None:
    config = scim("GET", "/ServiceProviderConfig")["bulk"]
    assert config["supported"] is True
    many = [creation(f"u{number}") for number in range(config["maxOperations"] + 1)]
    assert sent(scim, *many, status=413)["status"] == "413"
    long = creation("long", title="x" * config["maxPayloadSize"])
    sent(scim, long, status=413)
    scim("POST", "/Bulk", {"Operations": []}, status=400)
    assert not User.objects.exists()


def test_a_key_that_only_reads_sends_nothing_in_bulk(key: str, mara: User) -> None:
    reader = Scim(api_keys.create(TESTER, "reader", Role.READ_ONLY)[1])
    sent(reader, {"method": "DELETE", "path": f"/Users/{mara.id}"}, status=403)
    assert User.objects.count() == 1


def test_groups_are_patched_and_deleted_in_bulk(scim: Scim, mara: User) -> None:
    group = UserGroup.objects.create(name="Buyers")
    join = {"op": "add", "path": "members", "value": [{"value": mara.id}]}
    patch = {"schemas": [PATCH], "Operations": [join]}
    path = f"/Groups/{group.id}"
    answer = sent(scim, {"method": "PATCH", "path": path, "data": patch})
    assert (answer["Operations"][0]["status"], Membership.objects.count()) == ("204", 1)
    sent(scim, {"method": "DELETE", "path": path})
    assert not UserGroup.objects.exists()
