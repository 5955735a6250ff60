"""User groups, their members, and what they are bound to, as JumpCloud's v2 does it."""

from __future__ import annotations

from typing import Any

import pytest

from rollcall.audit.models import Event
from rollcall.directory.models import Application, User, UserGroup
from tests.api.conftest import Caller

UNKNOWN = "65f0c0ffee0000000000ffff"


@pytest.fixture
def group(db: None) -> UserGroup:
    return UserGroup.objects.create(name="Purchasing")


@pytest.fixture
def intranet(db: None) -> Application:
    return Application.objects.create(name="bookmark", displayLabel="Intranet")


def add(kind: str, target: str, op: str = "add") -> dict[str, str]:
    return {"op": op, "type": kind, "id": target}


def test_a_group_is_made_renamed_and_deleted(api: Caller) -> None:
    made = api("POST", "/api/v2/usergroups", {"name": "Sales", "description": "Who sells"})
    assert made.status == 201
    assert (made.json["name"], made.json["type"]) == ("Sales", "user_group")
    address = f"/api/v2/usergroups/{made.json['id']}"
    renamed = api("PUT", address, {"name": "Sales and marketing"})
    assert renamed.json["description"] == "Who sells"
    assert api.get(address)["name"] == "Sales and marketing"
    assert api("DELETE", address).status == 200
    assert api("GET", address).status == 404
    assert [one.action for one in Event.objects.order_by("id")][1:] == [
        "group.create",
        "group.update",
        "group.delete",
    ]


def test_a_taken_name_is_refused(api: Caller, group: UserGroup) -> None:
    answer = api("POST", "/api/v2/usergroups", {"name": "Purchasing"})
    assert (answer.status, answer.json) == (409, {"message": "Already Exists"})


@pytest.mark.parametrize("name", ["purchasing", " PURCHASING "])
def test_a_name_is_taken_in_whatever_case(api: Caller, group: UserGroup, name: str) -> None:
    assert api("POST", "/api/v2/usergroups", {"name": name}).status == 409
    other = api.post("/api/v2/usergroups", {"name": "Sales"})["id"]
    assert api("PUT", f"/api/v2/usergroups/{other}", {"name": name}).status == 409
    assert api("PUT", f"/api/v2/usergroups/{group.id}", {"name": name}).status == 200


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": ""},
        {"name": " "},
        {"name": "x" * 256},
        {"name": "A", "membershipMethod": "DYNAMIC_AUTOMATED"},
    ],
)
def test_a_group_that_cannot_be_is_refused(
    api: Caller, group: UserGroup, body: dict[str, Any]
) -> None:
    assert api("POST", "/api/v2/usergroups", body).status == 400
    assert api("PUT", f"/api/v2/usergroups/{group.id}", body).status == 400


def test_lists_are_bare_with_the_total_in_a_header(api: Caller) -> None:
    UserGroup.objects.bulk_create(UserGroup(name=f"Group {n:03}") for n in range(30))
    answer = api("GET", "/api/v2/usergroups?limit=5&skip=10&sort=-name")
    assert answer.headers["x-total-count"] == "30"
    assert [one["name"] for one in answer.json] == [f"Group {n:03}" for n in range(19, 14, -1)]
    assert api("GET", "/api/v2/usergroups?limit=101").status == 400


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("name:eq:Sales", ["Sales"]),
        ("name:ne:Sales", ["IT", "Sales EMEA"]),
        ("name:eq:Sales*", ["Sales", "Sales EMEA"]),
        ("name:search:emea", ["Sales EMEA"]),
        ("name:in:IT|Sales", ["IT", "Sales"]),
        ("name:between:A,M", ["IT"]),
        ("name:gt:IT", ["Sales", "Sales EMEA"]),
        ("name:ge:IT", ["IT", "Sales", "Sales EMEA"]),
        ("name:lt:Sales", ["IT"]),
        ("name:le:Sales", ["IT", "Sales"]),
    ],
)
def test_filters_have_no_dollar_in_version_2(api: Caller, text: str, expected: list[str]) -> None:
    for name in ("Sales", "IT", "Sales EMEA"):
        UserGroup.objects.create(name=name)
    found = api.get(f"/api/v2/usergroups?filter={text}&sort=name&fields=name")
    assert found == [{"name": name} for name in expected]


@pytest.mark.parametrize("text", ["name:$eq:x", "name", "colour:eq:red", "name:between:x"])
def test_a_wrong_filter_is_refused(api: Caller, text: str) -> None:
    assert api("GET", f"/api/v2/usergroups?filter={text}").status == 400


def test_members_come_and_go_one_a_call(api: Caller, mara: User, group: UserGroup) -> None:
    address = f"/api/v2/usergroups/{group.id}/members"
    assert api("POST", address, add("user", mara.id)).status == 204
    again = api("POST", address, add("user", mara.id))
    assert (again.status, again.json) == (409, {"message": "Already Exists"})
    assert api.get(address) == [{"to": {"type": "user", "id": mara.id}}]
    assert api("POST", address, add("user", mara.id, "remove")).status == 204
    assert api("POST", address, add("user", mara.id, "remove")).status == 404
    assert api("POST", address, add("user", UNKNOWN)).status == 404
    assert api("POST", address, add("device", mara.id)).status == 400
    assert api.get(address) == []


def test_applications_are_bound_from_either_side_once(
    api: Caller, group: UserGroup, intranet: Application
) -> None:
    here = f"/api/v2/usergroups/{group.id}/associations"
    there = f"/api/v2/applications/{intranet.id}/associations"
    assert api("POST", here, add("application", intranet.id)).status == 204
    assert api("POST", there, add("user_group", group.id)).status == 409
    assert api.get(f"{here}?targets=application") == [
        {"to": {"type": "application", "id": intranet.id}}
    ]
    assert api.get(f"{there}?targets=user_group") == [
        {"to": {"type": "user_group", "id": group.id}}
    ]
    assert api.get(f"{here}?targets=system") == []
    assert api("GET", here).status == 400
    assert api("GET", f"{there}?targets=nonsense").status == 400
    assert api("POST", there, add("user_group", group.id, "remove")).status == 204
    assert api("POST", there, add("user_group", group.id, "remove")).status == 404


def test_nobody_is_bound_to_an_application_but_through_a_group(
    api: Caller, mara: User, intranet: Application
) -> None:
    there = f"/api/v2/applications/{intranet.id}/associations"
    assert api("POST", there, add("user", mara.id)).status == 400
    here = f"/api/v2/users/{mara.id}/associations"
    assert api("POST", here, add("application", intranet.id)).status == 400
    assert api.get(f"{here}?targets=application") == []


def test_the_graph_is_walked_in_every_direction(
    api: Caller, mara: User, group: UserGroup, intranet: Application
) -> None:
    api.post(f"/api/v2/usergroups/{group.id}/members", add("user", mara.id))
    api.post(f"/api/v2/usergroups/{group.id}/associations", add("application", intranet.id))
    user, team, app = (
        {"type": kind, "id": target}
        for kind, target in (
            ("user", mara.id),
            ("user_group", group.id),
            ("application", intranet.id),
        )
    )

    def reached(address: str) -> list[Any]:
        return [(one["id"], one["type"], one["paths"]) for one in api.get(address)]

    through = [[{"to": team}, {"to": app}]]
    assert reached(f"/api/v2/users/{mara.id}/applications") == [
        (intranet.id, "application", through)
    ]
    assert reached(f"/api/v2/applications/{intranet.id}/users") == [
        (mara.id, "user", [[{"to": team}, {"to": user}]])
    ]
    for address in (f"users/{mara.id}/memberof", f"users/{mara.id}/usergroups"):
        assert reached(f"/api/v2/{address}") == [(group.id, "user_group", [[{"to": team}]])]
    assert reached(f"/api/v2/applications/{intranet.id}/usergroups") == [
        (group.id, "user_group", [[{"to": team}]])
    ]
    assert reached(f"/api/v2/usergroups/{group.id}/applications") == [
        (intranet.id, "application", [[{"to": app}]])
    ]
    for address in ("membership", "users"):
        assert reached(f"/api/v2/usergroups/{group.id}/{address}") == [
            (mara.id, "user", [[{"to": user}]])
        ]
    assert reached(f"/api/v2/users/{mara.id}/memberof?filter=type:eq:system") == []
    named = f"/api/v2/users/{mara.id}/memberof?filter=object_id:eq:{group.id}&sort=type"
    assert len(reached(named)) == 1


def test_what_is_unknown_is_not_found(api: Caller, mara: User) -> None:
    for address in (
        f"usergroups/{UNKNOWN}/members",
        f"usergroups/{UNKNOWN}/membership",
        f"users/{UNKNOWN}/memberof",
        f"applications/{UNKNOWN}/users",
        f"bulk/users/{UNKNOWN}/results",
    ):
        assert api("GET", f"/api/v2/{address}").status == 404, address
