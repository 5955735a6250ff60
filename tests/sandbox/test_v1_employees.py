"""What Personio v1 tells of employees, and what it leaves out."""

from __future__ import annotations

import pytest

from rollcall.sandbox.company import Company, day_two
from rollcall.sandbox.lookups import by_email
from rollcall.sandbox.switches import EmptyObject, SupervisorDetail, Switches, UpdatedSince

from .world import EMPLOYEES, Caller, Json, account

WANTED = [
    *("first_name", "last_name", "email", "status", "position", "supervisor"),
    *("employment_type", "subcompany", "office", "department", "cost_centers"),
]


def _attributes(caller: Caller, employee_id: int) -> Json:
    body: Json = caller.get(f"{EMPLOYEES}/{employee_id}").raise_for_status().json()
    assert body["data"]["type"] == "Employee"
    attributes: Json = body["data"]["attributes"]
    return attributes


def test_an_employee_has_every_attribute_labelled(caller: Caller) -> None:
    shown = _attributes(caller, 4_710_042)
    assert set(WANTED) <= shown.keys()
    for key, attribute in shown.items():
        assert {"label", "value", "type", "universal_id"} <= attribute.keys()
        if not key.startswith("dynamic_"):
            assert attribute["universal_id"] == key
    assert shown["id"]["value"] == 4_710_042
    assert shown["fix_salary"]["currency"] == "EUR"


def test_values_come_in_personios_shapes(caller: Caller) -> None:
    shown = {key: one["value"] for key, one in _attributes(caller, 4_710_042).items()}
    assert list(shown["supervisor"]["attributes"]) == ["id"]
    assert shown["supervisor"]["attributes"]["id"]["value"] < 4_710_042
    assert shown["office"]["type"] == "Office"
    assert set(shown["office"]["attributes"]) == {"id", "name"}
    assert {row["type"] for row in shown["cost_centers"]} == {"CostCenter"}
    assert isinstance(shown["weekly_working_hours"], str)
    assert shown["hire_date"][10:19] == "T00:00:00"
    assert shown["hire_date"][19:] in ("+01:00", "+02:00")


def test_the_list_and_the_single_employee_agree(caller: Caller) -> None:
    row = caller.page(limit=1, offset=42)["data"][0]
    assert row["attributes"] == _attributes(caller, 4_710_042)


@pytest.mark.parametrize("employee_id", ["1", "4710250", "abc", "²", "9" * 5000])
def test_an_unknown_employee_is_not_found(caller: Caller, employee_id: str) -> None:
    answer = caller.get(f"{EMPLOYEES}/{employee_id}")
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == 404


def test_a_projection_leaves_the_id(caller: Caller) -> None:
    row = caller.page(**{"attributes[]": ["first_name", "email"]})["data"][0]
    assert list(row["attributes"]) == ["id", "first_name", "email"]


def test_an_exact_address_finds_its_owner(caller: Caller) -> None:
    address = caller.company.email(7)
    assert caller.ids(email=address) == [4_710_007]
    assert caller.ids(email="nobody@nordlicht-werke.example") == []
    assert caller.page(email=address)["metadata"]["total_elements"] == 1


def test_a_shared_address_finds_everybody_who_has_it() -> None:
    company = Company(3000)
    shared = [at for at in range(3000) if company.email(at) == company.email(2983)]
    assert len(shared) == 3
    assert by_email(company, company.email(2983) or "") == shared


def test_readable_attributes_are_listed_under_both_names(caller: Caller) -> None:
    listed = caller.get(f"{EMPLOYEES}/attributes").json()
    assert listed == caller.get(f"{EMPLOYEES}/custom-attributes").json()
    keys = {row["key"]: row for row in listed["data"]}
    assert set(WANTED) <= keys.keys()
    assert keys["dynamic_612345"]["options"] == ["XS", "S", "M", "L", "XL", "XXL"]
    assert keys["first_name"]["options"] == []


@pytest.mark.parametrize(
    "switches",
    [
        Switches(unreadable=frozenset(["supervisor"])),
        Switches(readable=frozenset(WANTED) - {"supervisor"}),
    ],
)
def test_an_unreadable_attribute_is_left_out_everywhere(switches: Switches) -> None:
    with account(Company(30), switches) as caller:
        caller.sign_in()
        listed = caller.get(f"{EMPLOYEES}/attributes").json()["data"]
        rows = caller.page(limit=30, **{"attributes[]": WANTED})["data"]
        assert "supervisor" not in {row["key"] for row in listed}
        assert all("supervisor" not in row["attributes"] for row in rows)
        assert all("email" in row["attributes"] for row in rows)
        assert "id" in _attributes(caller, 4_710_003)


def test_an_unreadable_address_cannot_be_searched() -> None:
    with account(Company(30), Switches(unreadable=frozenset(["email"]))) as caller:
        caller.sign_in()
        assert caller.ids(email=caller.company.email(3)) == []


def test_supervisors_come_with_names_where_switched_so() -> None:
    with account(Company(30), Switches(supervisor=SupervisorDetail.FULL)) as caller:
        caller.sign_in()
        boss = _attributes(caller, 4_710_001)["supervisor"]["value"]["attributes"]
        top = caller.company.person(0)
        assert boss["email"]["value"] == top.email
        assert boss["last_name"]["value"] == top.last_name


@pytest.mark.parametrize(
    ("switch", "value"),
    [(EmptyObject.NULL, None), (EmptyObject.TEXT, ""), (EmptyObject.LIST, [])],
)
def test_the_top_has_no_supervisor_in_one_of_three_coats(
    switch: EmptyObject, value: object
) -> None:
    with account(Company(3), Switches(empty_object=switch)) as caller:
        caller.sign_in()
        assert _attributes(caller, 4_710_000)["supervisor"]["value"] == value


def test_since_the_morning_of_day_two_exactly_day_two_has_changed() -> None:
    company = Company(900, day=2)
    change = day_two(company)
    with account(company) as caller:
        caller.sign_in()
        found = caller.ids(updated_since="2026-11-24", limit=100)
        renamed = caller.ids(updated_since="2026-11-24", **{"attributes[]": "email"}, limit=100)
    everybody = (*change.hires, *change.leavers, *change.moves, *change.renames)
    assert found == sorted(everybody)
    assert renamed == sorted((*change.hires, *change.renames))


def test_updated_since_agrees_with_last_modified(caller: Caller) -> None:
    since = "2026-10-01T12:30:00"
    found = caller.page(updated_since=since, limit=100)
    stamps = [row["attributes"]["last_modified_at"]["value"] for row in found["data"]]
    every = [one.modified.isoformat() for one in caller.company]
    assert len(stamps) == found["metadata"]["total_elements"] == sum(at > since for at in every)
    assert all(stamp[:19] > since for stamp in stamps)


def test_updated_since_is_paged_unless_switched_off(caller: Caller) -> None:
    assert len(caller.ids(updated_since="2000-01-01")) == 50
    with account(Company(250), Switches(updated_since=UpdatedSince.UNPAGED)) as other:
        other.sign_in()
        assert len(other.ids(updated_since="2000-01-01", limit=10)) == 250


@pytest.mark.parametrize("since", ["yesterday", "", "0001-01-01T00:00:00+14:00", "2026-13-01"])
def test_updated_since_that_is_no_date_is_refused(caller: Caller, since: str) -> None:
    assert caller.get(EMPLOYEES, updated_since=since).status_code == 400


def test_the_same_moment_in_two_zones_finds_the_same_people(caller: Caller) -> None:
    summer = {"2026-08-01T12:00:00", "2026-08-01T12:00:00+02:00", "2026-08-01T10:00:00Z"}
    totals = {caller.page(updated_since=since)["metadata"]["total_elements"] for since in summer}
    assert len(totals) == 1


def test_unknown_paths_are_not_found_in_each_versions_words(caller: Caller) -> None:
    assert caller.get("/v1/company/nothing").json()["success"] is False
    assert caller.get("/v2/nothing").json()["errors"][0]["_meta"] == {"path": "/v2/nothing"}
