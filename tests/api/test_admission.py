"""Who may call: the key, the organization it is for, keys that may only read."""

from __future__ import annotations

from rollcall.accounts import api_keys
from rollcall.accounts.models import ApiKey, Role
from rollcall.directory.models import Organization
from tests.actors import TESTER
from tests.api.conftest import Caller


def test_it_works(api: Caller) -> None:
    assert api.get("/api/systemusers") == {"totalCount": 0, "results": []}


def test_without_a_key_or_with_a_wrong_one_nothing_is_told(api: Caller) -> None:
    api.key = "wrong"
    answer = api("GET", "/api/systemusers")
    assert (answer.status, answer.json) == (401, {"message": "Unauthorized"})
    assert api("GET", "/api/v2/usergroups").status == 401


def test_a_service_key_may_come_as_a_bearer_token(api: Caller) -> None:
    token, api.key = api.key, ""
    assert api("GET", "/api/systemusers", Authorization=f"Bearer {token}").status == 200
    assert api("GET", "/api/systemusers", Authorization="Bearer other").status == 401


def test_a_key_of_another_organization_is_told_apart_from_a_wrong_key(api: Caller) -> None:
    ours = Organization.the().id
    assert api("GET", "/api/systemusers", x_org_id=ours).status == 200
    answer = api("GET", "/api/systemusers", x_org_id="65f0c0ffee00000000000001")
    assert answer.status == 403
    assert "x-org-id" in answer.json["message"]


def test_a_read_only_key_reads_and_searches_but_never_writes(api: Caller) -> None:
    api.key = api_keys.create(TESTER, "reader", Role.READ_ONLY)[1]
    assert api("GET", "/api/systemusers").status == 200
    assert api("POST", "/api/search/systemusers", {}).status == 200
    refused = api("POST", "/api/systemusers", {"username": "a", "email": "a@example.org"})
    assert refused.status == 403
    assert refused.json == {"message": "Forbidden: the key may only read"}


def test_a_revoked_key_opens_nothing(api: Caller) -> None:
    key = ApiKey.objects.get()
    api_keys.revoke(TESTER, key)
    assert api("GET", "/api/systemusers").status == 401


def test_the_last_use_of_a_key_is_known(api: Caller) -> None:
    assert ApiKey.objects.get().last_used is None
    api.get("/api/systemusers")
    assert ApiKey.objects.get().last_used is not None


def test_no_session_and_no_cookie_is_made(api: Caller) -> None:
    answer = api("POST", "/api/v2/usergroups", {"name": "Buyers"})
    assert answer.status == 201
    assert "Set-Cookie" not in answer.headers


def test_what_is_not_served_is_answered_with_a_json_404(api: Caller) -> None:
    for address in ("/api", "/api/", "/api/commands", "/api/v2/ldapservers"):
        answer = api("GET", address)
        assert answer.status in {404, 401}, address
        assert answer.json, address
    assert "does not serve" in api("GET", "/api/v2/ldapservers").json["message"]


def test_a_method_that_an_address_does_not_have_is_refused_in_json(api: Caller) -> None:
    answer = api("PATCH", "/api/systemusers")
    assert answer.status == 405
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "POST"}
