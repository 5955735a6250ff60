"""Personio v2: tokens, persons with cursors, employments, and names for ids."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from rollcall.sandbox.company import Company
from rollcall.sandbox.switches import BetaHeader, MissingRight, NextLink, Switches, TypeCase

from .world import Caller, Json, account

GRANT = {"grant_type": "client_credentials"}


def _walk(caller: Caller, path: str, **params: Any) -> list[Json]:
    """Everything in a v2 list, by the cursor in each page's link."""
    rows: list[Json] = []
    for _ in range(1000):
        body = caller.get(path, **params).raise_for_status().json()
        rows += body["_data"]
        link = body["_meta"]["links"].get("next")
        if link is None:
            return rows
        params = {"cursor": parse_qs(urlsplit(link["href"]).query)["cursor"][0]}
    raise AssertionError("the links never end")


def test_a_token_is_given_to_a_form(caller: Caller) -> None:
    body = caller.http.post("/v2/auth/token", data={**GRANT, **caller.pair}).json()
    assert body["token_type"] == "Bearer"
    assert 0 < body["expires_in"] <= 86_400
    assert "personio:persons:read" in body["scope"].split()
    assert body["access_token"] == caller.sign_in_v2()


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"grant_type": None}, "invalid_request"),
        ({"client_id": None}, "invalid_request"),
        ({"client_secret": None}, "invalid_client"),
        ({"client_id": "client_who"}, "invalid_client"),
        ({"client_secret": "verY-wr0ng"}, "unauthorized_client"),
        ({"grant_type": "lilu_dallas_multipass"}, "invalid_grant"),
        ({"grant_type": "urn:ietf:params:oauth:grant-type:device_code"}, "unsupported_grant_type"),
        ({"scope": "fake_scope:777"}, "invalid_scope"),
    ],
)
def test_every_refusal_is_a_400_with_its_word(
    caller: Caller, changes: dict[str, str | None], error: str
) -> None:
    form = {k: v for k, v in {**GRANT, **caller.pair, **changes}.items() if v is not None}
    answer = caller.http.post("/v2/auth/token", data=form)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["error"] == error
    assert "trace_id" in answer.json()


def test_json_is_refused(caller: Caller) -> None:
    answer = caller.http.post("/v2/auth/token", json={**GRANT, **caller.pair})
    assert answer.json()["error"] == "invalid_request"
    assert "type" in answer.json()


def test_a_revoked_token_is_dead() -> None:
    with account(Company(5)) as caller:
        token = caller.sign_in_v2()
        answer = caller.http.post("/v2/auth/revoke", data={"token": token})
        assert (answer.status_code, answer.content) == (200, b"")
        assert caller.get("/v2/persons").status_code == 401


@pytest.mark.parametrize("limit", [1, 10, 50])
def test_cursors_lead_through_everybody_once(caller: Caller, limit: int) -> None:
    rows = _walk(caller, "/v2/persons", limit=limit)
    assert [row["id"] for row in rows] == [str(4_710_000 + at) for at in range(250)]


@pytest.mark.parametrize("limit", ["0", "51", "x", "9" * 5000])
def test_an_impossible_limit_is_refused(caller: Caller, limit: str) -> None:
    answer = caller.get("/v2/persons", limit=limit)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["detail"] == "Provided value for limit is not valid"


@pytest.mark.parametrize(
    "params",
    [{"cursor": "cur_nonsense"}, {"cursor": ""}, {"cursor": "cur_W10"}, {"id.nooperator": "1"}],
)
def test_nonsense_is_a_bad_request(caller: Caller, params: dict[str, str]) -> None:
    answer = caller.get("/v2/persons", **params)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["errors"][0]["title"] == "Bad request"


def test_filters_are_joined_and_carried_by_the_cursor(caller: Caller) -> None:
    inactive = {str(one.id) for one in caller.company if one.status == "inactive"}
    rows = _walk(caller, "/v2/persons", status="INACTIVE", limit=2)
    assert {row["id"] for row in rows} == inactive
    two = _walk(caller, "/v2/persons", id="4710003,4710004,99", limit=1)
    assert [row["id"] for row in two] == ["4710003", "4710004"]
    last = caller.company.person(9)
    named = _walk(caller, "/v2/persons", last_name=last.last_name, email=last.email)
    assert [row["id"] for row in named] == ["4710009"]


def test_moments_filter(caller: Caller) -> None:
    late = _walk(caller, "/v2/persons", **{"updated_at.gt": "2026-11-01T00:00:00Z"}, limit=50)
    assert late
    assert all(row["updated_at"] > "2026-11-01T00:00:00Z" for row in late)
    early = _walk(caller, "/v2/persons", **{"updated_at.lt": "2026-11-01T00:00:00Z"}, limit=50)
    assert len(late) + len(early) == 250
    assert caller.get("/v2/persons", **{"updated_at.gt": "then"}).status_code == 400


def test_v2_agrees_with_v1_about_a_person(caller: Caller) -> None:
    person, expected = caller.get("/v2/persons/4710042").json(), caller.company.person(42)
    assert person["email"] == expected.email
    assert person["last_name"] == expected.last_name
    (job,) = _walk(caller, "/v2/persons/4710042/employments")
    assert job["id"] == person["employments"][0]["id"]
    assert job["supervisor"] == {"id": str(expected.supervisor)}
    assert job["org_units"][0] == {"type": "department", "id": str(expected.department.id)}
    assert job["cost_centers"][0]["id"] == str(expected.cost_centers[0].center.id)
    assert caller.get(f"/v2/persons/4710042/employments/{job['id']}").json() == job


@pytest.mark.parametrize(
    "path",
    ["/v2/persons/1", "/v2/persons/x", "/v2/persons/1/employments", "/v2/legal-entities/9"],
)
def test_unknown_things_are_not_found(caller: Caller, path: str) -> None:
    answer = caller.get(path)
    assert answer.status_code == 404
    assert answer.json()["errors"][0]["title"] == "Resource not found"


def test_the_rate_limit_is_told_on_every_answer(caller: Caller) -> None:
    for path in ("/v2/persons", "/v2/persons/1", "/v2/cost-centers"):
        headers = caller.get(path).headers
        assert headers["x-ratelimit-burst-capacity"] == "100"
        assert headers["x-ratelimit-replenish-rate"] == "30"
        assert int(headers["x-ratelimit-remaining"]) <= 100


def test_every_id_of_every_employment_has_a_name(caller: Caller) -> None:
    units = _walk(caller, "/v2/org-units", limit=100)
    offices = {row["id"] for row in _walk(caller, "/v2/workplaces")}
    entities = {row["id"] for row in _walk(caller, "/v2/legal-entities", limit=2)}
    centers = {row["id"] for row in _walk(caller, "/v2/cost-centers", limit=7)}
    for position in range(0, 250, 17):
        (job,) = _walk(caller, f"/v2/persons/{4_710_000 + position}/employments")
        assert job["office"]["id"] in offices
        assert job["legal_entity"]["id"] in entities
        assert {row["id"] for row in job["cost_centers"]} <= centers
        known = {(row["type"], row["id"]) for row in units}
        assert {(row["type"], row["id"]) for row in job["org_units"]} <= known


def test_an_org_unit_wants_its_type(caller: Caller) -> None:
    assert caller.get("/v2/org-units/4500").status_code == 400
    assert caller.get("/v2/org-units/4500", type="department").status_code == 404
    unit = caller.get("/v2/org-units/4500", type="team", include_parent_chain="true").json()
    assert [row["id"] for row in unit["parent_chain"]] == [unit["parent_id"]]


def test_a_credential_with_few_rights_sees_the_skeleton() -> None:
    with account(Company(5), Switches(readable=frozenset(["id"]))) as caller:
        caller.sign_in_v2()
        person = caller.get("/v2/persons/4710001").json()
        assert set(person) == {"id", "custom_attributes", "employments", "_meta"}
        (job,) = _walk(caller, "/v2/persons/4710001/employments")
        assert set(job) == {"id", "status", "person", "_meta"}
        assert "supervisor" in job["_meta"]["links"]


@pytest.mark.parametrize("right", list(MissingRight))
def test_a_missing_scope_is_told_by_the_switched_status(right: MissingRight) -> None:
    with account(Company(5), Switches(missing_right=right)) as caller:
        caller.sign_in_v2(scope="personio:absences:read")
        assert caller.get("/v2/persons").status_code == int(right)


def test_lists_of_names_want_the_beta_header_where_switched_so() -> None:
    with account(Company(5), Switches(beta_header=BetaHeader.REQUIRED)) as caller:
        caller.sign_in_v2()
        assert caller.get("/v2/workplaces").status_code == 404
        assert caller.get("/v2/legal-entities").status_code == 200
        caller.http.headers["Beta"] = "true"
        assert caller.get("/v2/workplaces").status_code == 200


@pytest.mark.parametrize(("case", "kind"), [(TypeCase.LOWER, "date"), (TypeCase.UPPER, "DATE")])
def test_types_of_custom_attributes_are_written_as_switched(case: TypeCase, kind: str) -> None:
    with account(Company(5), Switches(type_case=case)) as caller:
        caller.sign_in_v2()
        custom = caller.get("/v2/persons/4710001").json()["custom_attributes"]
        assert kind in {row["type"] for row in custom}


def _next(style: NextLink) -> tuple[str, str]:
    with account(Company(30), Switches(next_link=style)) as caller:
        caller.sign_in_v2()
        first = caller.get("/v2/persons", limit=5, status="ACTIVE").json()
        link: str = first["_meta"]["links"]["next"]["href"]
        cursor = parse_qs(urlsplit(link).query)["cursor"][0]
        second = caller.get("/v2/persons", cursor=cursor).json()
        return link, second["_data"][0]["id"]


def test_next_links_come_in_four_kinds() -> None:
    link, row = _next(NextLink.ABSOLUTE)
    assert link.startswith("http://127.0.0.1:")
    assert "status" not in link
    assert row == "4710005"
    assert _next(NextLink.RELATIVE)[0].startswith("/v2/persons?cursor=")
    assert "status=ACTIVE&" in _next(NextLink.FILTERS)[0]
    assert _next(NextLink.LOOPING)[1] == "4710000"
