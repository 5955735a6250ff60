"""Requests made to hurt: refused in JSON, quickly, and never with a page or a server's error."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from rollcall.api.jumpcloud.v1 import users
from rollcall.audit.models import Event
from rollcall.directory.models import Application, User

pytestmark = pytest.mark.django_db


class Raw:
    """Sends bodies that no JSON library would make."""

    def __init__(self, key: str) -> None:
        self._headers = {"x-api-key": key}
        self._client = Client(raise_request_exception=False)

    def __call__(self, method: str, address: str, body: str = "") -> tuple[int, Any]:
        answer = self._client.generic(
            method, address, body, content_type="application/json", headers=self._headers
        )
        return answer.status_code, json.loads(answer.content)


@pytest.fixture
def raw(key: str) -> Raw:
    return Raw(key)


@pytest.mark.parametrize("address", ["/api/systemusers", "/api/v2/bulk/users", "/scim/v2/Users"])
def test_a_body_that_is_too_large_is_refused_with_413(raw: Raw, address: str) -> None:
    status, told = raw("POST", address, '"' + "x" * 3_000_000 + '"')
    assert status == 413
    assert "Payload Too Large" in (told.get("message") or told["detail"])


def test_a_body_that_no_database_can_store_is_told_what_is_wrong(raw: Raw) -> None:
    status, told = raw("POST", "/api/systemusers", '{"username": "a\\u0000"}')
    assert (status, told["message"]) == (400, "Bad Request: the body is not valid JSON")


@pytest.mark.parametrize("depth", [500, 940, 955, 970, 5000])
def test_values_nested_without_end_are_refused(raw: Raw, depth: int) -> None:
    config = '{"a":' * depth + "1" + "}" * depth
    body = f'{{"name": "bookmark", "ssoUrl": "https://a.example", "config": {config}}}'
    status, told = raw("POST", "/api/applications", body)
    assert (status, "message" in told) == (400, True)
    assert not Application.objects.exists()


def test_values_without_number_are_refused_before_anything_is_made_of_them(raw: Raw) -> None:
    body = json.dumps({"fields": "username", "skip": 0, "filter": [[]] * 600_000})
    status, told = raw("POST", "/api/search/systemusers", body)
    assert status == 413
    assert "Payload Too Large" in told["message"]


def test_a_search_for_everything_everywhere_is_refused(raw: Raw) -> None:
    terms, fields = ["a"] * 100, ["username", "email"] * 50
    body = json.dumps({"searchFilter": {"searchTerm": terms, "fields": fields}})
    assert raw("POST", "/api/search/systemusers", body)[0] == 400


def test_a_filter_of_a_thousand_parts_is_refused_by_scim(raw: Raw) -> None:
    body = json.dumps({"filter": " or ".join(['userName eq "a"'] * 1000)})
    status, told = raw("POST", "/scim/v2/Users/.search", body)
    assert (status, told["scimType"]) == (400, "invalidFilter")


def test_too_many_parameters_are_refused_in_json(raw: Raw) -> None:
    assert raw("GET", "/api/systemusers?" + "&".join(["filter=a"] * 1500))[0] == 400


def test_what_breaks_in_us_is_told_in_json_and_logged_without_anybodys_values(
    raw: Raw, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def breaks() -> str:
        raise RuntimeError("".join(["mara.voss", "@example.org"]))

    monkeypatch.setattr(users, "organization", breaks)
    assert raw("GET", "/api/systemusers") == (500, {"message": "Internal Server Error"})
    assert any(one.levelno == logging.ERROR for one in caplog.records)
    assert "mara.voss@" not in caplog.text
    assert "RuntimeError" in caplog.text
    assert "breaks" in caplog.text


SQLITE = connection.vendor == "sqlite"
LOCKING = ("INSERT", "UPDATE", "DELETE", "LOCK", *(["SAVEPOINT"] if SQLITE else []))
"""How statements begin that lock others out; on SQLite any transaction does."""


def test_a_search_that_only_reads_takes_no_lock(raw: Raw) -> None:
    raw("GET", "/api/systemusers")  # notes that the key is used, as once in a while
    with CaptureQueriesContext(connection) as seen:
        raw("POST", "/api/search/systemusers", "{}")
        raw("POST", "/scim/v2/Users/.search", "{}")
    statements = [one["sql"] for one in seen.captured_queries]
    assert len(statements) > 1
    assert not [sql for sql in statements if sql.startswith(LOCKING) or " FOR UPDATE" in sql]


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "file:///etc", "https://["]
)
def test_an_application_leads_to_the_web_only(raw: Raw, address: str) -> None:
    body = {"name": "bookmark", "ssoUrl": address, "config": {}}
    assert raw("POST", "/api/applications", json.dumps(body))[0] == 400
    assert raw("POST", "/api/applications", json.dumps(body | {"ssoUrl": ""}))[0] == 200


def test_who_is_in_a_group_by_scim_is_in_the_audit_trail(raw: Raw, mara: User) -> None:
    group = raw("POST", "/scim/v2/Groups", json.dumps(_scim_group()))[1]["id"]
    raw("PUT", f"/scim/v2/Groups/{group}", json.dumps(_scim_group(mara.id)))
    entry = Event.objects.get(action="group.member.add")
    assert entry.target_id == group
    assert (entry.after["members added"], entry.after["users"]) == (1, [mara.id])
    assert Event.objects.get(action="user.group.add").target_id == mara.id


def test_what_an_application_was_before_is_in_the_audit_trail(raw: Raw) -> None:
    body = {"name": "bookmark", "ssoUrl": "https://a.example", "config": {}}
    made = raw("POST", "/api/applications", json.dumps(body))[1]["_id"]
    raw("PUT", f"/api/applications/{made}", json.dumps({"ssoUrl": "https://b.example"}))
    entry = Event.objects.latest("pk")
    assert (entry.before, entry.after) == (
        {"ssoUrl": "https://a.example"},
        {"ssoUrl": "https://b.example"},
    )


def test_what_a_group_was_before_is_in_the_audit_trail(raw: Raw) -> None:
    group = raw("POST", "/api/v2/usergroups", '{"name": "Buyers"}')[1]["id"]
    raw("PUT", f"/api/v2/usergroups/{group}", '{"name": "Buyers", "description": "Buy"}')
    entry = Event.objects.latest("pk")
    assert (entry.before, entry.after) == ({"description": ""}, {"description": "Buy"})


def _scim_group(*members: str) -> dict[str, Any]:
    return {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
        "displayName": "Buyers",
        "members": [{"value": one} for one in members],
    }
