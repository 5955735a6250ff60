"""How Personio v1 gives, takes and refuses tokens."""

from __future__ import annotations

import re

import pytest

from rollcall.sandbox.company import Company
from rollcall.sandbox.switches import QueryCredentials, Switches, Tokens

from .world import EMPLOYEES, Caller, HandClock, account

WRONG = {"success": False, "error": {"code": 0, "message": "Wrong credentials"}}
DEAD = {"success": False, "error": {"code": 401, "message": "The token has been blacklisted"}}


def test_it_works_with_json_and_with_a_form(caller: Caller) -> None:
    by_json = caller.http.post("/v1/auth", json=caller.pair).json()
    by_form = caller.http.post("/v1/auth", data=caller.pair).json()
    assert by_json["success"] is True
    assert by_json["data"]["token"].startswith("papi-")
    assert by_json["data"]["expires_in"] <= 86_400
    assert by_form["data"]["token"] == by_json["data"]["token"]


def test_credentials_have_personios_shape(caller: Caller) -> None:
    uuid = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
    assert re.fullmatch(f"papi-{uuid}", caller.credentials.client_id)
    assert re.fullmatch(r"papi-[A-Za-z0-9_-]{86}", caller.credentials.client_secret)


@pytest.mark.parametrize(
    "fields",
    [{}, {"client_id": "papi-x", "client_secret": "papi-y"}, {"client_secret": "", "client_id": 7}],
)
def test_wrong_or_missing_credentials_are_refused(caller: Caller, fields: dict[str, str]) -> None:
    answer = caller.http.post("/v1/auth", json=fields)
    assert (answer.status_code, answer.json()) == (403, WRONG)


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b"[1]", b"null"])
def test_a_body_that_is_no_object_is_refused(caller: Caller, body: bytes) -> None:
    assert caller.http.post("/v1/auth", content=body).status_code == 403


def test_credentials_in_the_query_are_refused_unless_switched_on(caller: Caller) -> None:
    assert caller.http.post("/v1/auth", params=caller.pair).status_code == 403
    switches = Switches(query_credentials=QueryCredentials.ACCEPT)
    with account(switches=switches) as lenient:
        assert lenient.http.post("/v1/auth", params=lenient.pair).status_code == 200


def test_the_token_is_echoed_by_employee_calls_only(caller: Caller) -> None:
    token = caller.sign_in()
    for path in (EMPLOYEES, f"{EMPLOYEES}/4710000", f"{EMPLOYEES}/attributes"):
        assert caller.get(path).headers["Authorization"] == f"Bearer {token}"
    picture = caller.get(f"{EMPLOYEES}/4710000/profile-picture")
    assert picture.status_code == 404
    assert "Authorization" not in picture.headers


def test_a_missing_and_a_foreign_token_are_told_apart(caller: Caller) -> None:
    del caller.http.headers["Authorization"]
    missing = caller.get(EMPLOYEES)
    caller.carry("papi-somebody-elses")
    foreign = caller.get(EMPLOYEES)
    assert missing.status_code == foreign.status_code == 401
    assert missing.json()["error"]["message"] == "Authorization is not provided"
    assert foreign.json() == DEAD


def test_a_token_dies_after_its_time_and_a_new_one_is_given() -> None:
    clock = HandClock()
    with account(Company(5), clock=clock) as caller:
        first = caller.sign_in()
        clock.now += 86_399
        assert caller.sign_in() == first
        clock.now += 2
        assert caller.get(EMPLOYEES).json() == DEAD
        assert caller.sign_in() != first
        assert caller.get(EMPLOYEES).status_code == 200


def test_a_credential_without_the_right_is_forbidden() -> None:
    with account(Company(5), Switches(scopes=("personio:absences:read",))) as caller:
        caller.sign_in()
        answer = caller.get(EMPLOYEES)
        assert answer.status_code == 403
        assert answer.json()["error"]["code"] == 0


@pytest.mark.parametrize(("tokens", "status"), [(Tokens.SHARED, 200), (Tokens.SEPARATE, 401)])
def test_tokens_of_both_versions_are_shared_unless_separated(tokens: Tokens, status: int) -> None:
    with account(Company(5), Switches(tokens=tokens)) as caller:
        caller.sign_in_v2()
        assert caller.get(EMPLOYEES).status_code == status
        caller.sign_in()
        assert caller.get("/v2/persons").status_code == status
