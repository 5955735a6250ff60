"""Access policies and IP lists, as JumpCloud's v2 does them."""

from __future__ import annotations

from typing import Any

import pytest

from rollcall.access.policies.models import AccessPolicy, IpList
from rollcall.accounts import api_keys, services
from rollcall.accounts.models import Role
from tests.actors import TESTER
from tests.api.conftest import Caller

POLICIES = "/api/v2/authn/policies"
LISTS = "/api/v2/iplists"
OFFICE = {"name": "Office", "description": "Munich", "ips": ["192.0.2.0/24", "2001:db8::/32"]}


def policy(**fields: Any) -> dict[str, Any]:
    return {
        "name": "Contractors",
        "type": "user_portal",
        "targets": {
            "resources": [{"type": "user_portal"}],
            "users": {"inclusions": ["ALL"]},
        },
        "conditions": {"not": {"deviceManaged": True}},
        "effect": {"action": "deny"},
        **fields,
    }


def test_a_policy_is_made_read_changed_and_deleted(api: Caller) -> None:
    made = api("POST", POLICIES, policy(description="Who is no employee"))
    assert made.status == 201
    address = f"{POLICIES}/{made.json['id']}"
    assert api.get(address) == made.json
    assert {name: made.json[name] for name in policy()} == policy()
    changed = api("PATCH", address, {"disabled": True})
    assert changed.json == {**made.json, "disabled": True}
    assert api("DELETE", address).json == changed.json
    assert api("GET", address).status == 404
    assert api("PATCH", address, {"name": "x"}).status == 404
    assert api("DELETE", address).status == 404


def test_an_ip_list_is_made_replaced_changed_and_deleted(api: Caller) -> None:
    made = api("POST", LISTS, OFFICE)
    assert (made.status, made.json["ips"]) == (201, OFFICE["ips"])
    address = f"{LISTS}/{made.json['id']}"
    assert api("PATCH", address, {"name": "HQ"}).json == {**made.json, "name": "HQ"}
    assert api("PUT", address, {"name": "Nothing"}).json == {
        **made.json,
        "name": "Nothing",
        "description": "",
        "ips": [],
    }
    assert api.get(address)["name"] == "Nothing"
    assert api("DELETE", address).status == 200
    assert api("GET", address).status == 404


def test_lists_are_paged_sorted_and_filtered(api: Caller) -> None:
    for name in ("A", "B", "C"):
        api.post(POLICIES, policy(name=name, disabled=name == "B"))
        api.post(LISTS, {"name": name})
    answer = api("GET", f"{POLICIES}?sort=-name&limit=2")
    assert answer.headers["x-total-count"] == "3"
    assert [each["name"] for each in answer.json] == ["C", "B"]
    assert [each["name"] for each in api.get(f"{POLICIES}?filter=disabled:eq:true")] == ["B"]
    assert [each["name"] for each in api.get(f"{LISTS}?filter=name:search:c")] == ["C"]
    assert api("GET", f"{LISTS}?filter=ips:eq:x").status == 400


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"name": ""}, "name"),
        ({"effect": {"action": "maybe"}}, "effect.action"),
        ({"conditions": {"expression": "colour == 'red'"}}, "conditions.expression"),
        ({"conditions": {"ipAddressIn": ["nowhere"]}}, "conditions"),
        ({"targets": {"users": {"inclusions": []}}}, "targets"),
        ({"type": "ldap"}, "type"),
    ],
)
def test_a_mistake_is_told_by_its_field(api: Caller, fields: dict[str, Any], place: str) -> None:
    answer = api("POST", POLICIES, policy(**fields))
    assert answer.status == 400
    assert f"{place}: " in answer.json["message"]
    assert not AccessPolicy.objects.exists()


def test_a_list_that_a_policy_names_cannot_go(api: Caller) -> None:
    id_ = api.post(LISTS, OFFICE)["id"]
    api.post(POLICIES, policy(conditions={"ipAddressNotIn": [id_]}))
    answer = api("DELETE", f"{LISTS}/{id_}")
    assert (answer.status, IpList.objects.count()) == (409, 1)
    assert "Contractors" in answer.json["message"]


def test_whoever_would_shut_out_the_last_administrator_must_say_it_twice(api: Caller) -> None:
    services.create(TESTER, "ada@example.com", {Role.ADMINISTRATOR})
    grave = policy(type="admin_portal", targets={"users": {"inclusions": ["ALL"]}}, conditions={})
    answer = api("POST", POLICIES, grave)
    assert answer.status == 409
    assert "x-confirm: yes" in answer.json["message"]
    assert not AccessPolicy.objects.exists()
    assert api("POST", POLICIES, grave, x_confirm="yes").status == 201


def test_somebody_elses_change_is_not_overwritten_unseen(api: Caller) -> None:
    address = f"{POLICIES}/{api.post(POLICIES, policy())['id']}"
    seen = api("GET", address).headers["ETag"]
    assert api("PATCH", address, {"name": "Mine"}, if_match=seen).status == 200
    assert api("PATCH", address, {"name": "Yours"}, if_match=seen).status == 412


@pytest.mark.parametrize(
    ("role", "reading", "writing"),
    [(Role.READ_ONLY, 200, 403), (Role.MANAGER, 200, 403), (Role.ADMINISTRATOR, 200, 201)],
)
def test_policies_are_the_administrators_to_write(
    db: None, role: Role, reading: int, writing: int
) -> None:
    call = Caller(api_keys.create(TESTER, "tests", role)[1])
    assert call("GET", POLICIES).status == reading
    assert call("POST", POLICIES, policy()).status == writing
    assert call("POST", LISTS, OFFICE).status == writing
