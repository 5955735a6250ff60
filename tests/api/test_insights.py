"""Directory Insights: events queried, paged, counted and told apart, as JumpCloud describes it."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from rollcall.accounts import api_keys
from rollcall.accounts.models import Role
from rollcall.audit.actions import Action
from rollcall.audit.actor import Actor, Door, Initiator
from rollcall.audit.models import Event
from rollcall.audit.recording import Entry, Target, record, record_many
from tests.actors import ADMIN, TESTER
from tests.api.conftest import Caller

EVENTS = "/insights/directory/v1/events"
LENA = Actor(Initiator.USER, Door.PORTAL, "lena@example.org", "5", "192.0.2.7")


def asked(**fields: Any) -> dict[str, Any]:
    """A query for everything of the last hour, with more or other fields."""
    start = (timezone.now() - timedelta(hours=1)).isoformat().replace("+00:00", "Z")
    return {"service": ["all"], "start_time": start, **fields}


@pytest.fixture
def recorded(api: Caller) -> None:
    """A change by an administrator, a sign-on and a failed sign-in; the key's own event beside."""
    Event.objects.all().delete()
    record(ADMIN, Action.USER_UPDATE, Target("user", "u1", "lena.brandt"), after={"company": "A"})
    application = {"application": {"id": "a1", "name": "oidc", "display_label": "Wiki"}}
    record(LENA, Action.SSO_SIGN_ON, Target("application", "a1", "Wiki"), details=application)
    record(LENA, Action.ACCOUNT_SIGN_IN_FAILED, Target("user", "u1"), success=False, reason="wrong")


def test_events_are_told_newest_first_in_the_vendors_form(api: Caller, recorded: None) -> None:
    answer = api("POST", EVENTS, asked())
    assert answer.status == 200
    assert [event["event_type"] for event in answer.json] == [
        "user_login_attempt",
        "sso_auth",
        "user_update",
    ]
    failed, sign_on, change = answer.json
    assert (failed["success"], failed["error_message"]) == (False, "wrong")
    assert sign_on["application"]["display_label"] == "Wiki"
    assert sign_on["initiated_by"]["email"] == "lena@example.org"
    assert change["changes"] == [{"field": "company", "to": "A"}]
    assert (answer.headers["X-Result-Count"], answer.headers["X-Limit"]) == ("3", "1000")


def test_pages_follow_each_other_by_what_the_header_says(api: Caller) -> None:
    Event.objects.all().delete()
    # Of one moment, which the time alone would not tell apart.
    record_many(ADMIN, Action.USER_CREATE, [Entry(Target("user", str(n))) for n in range(25)])
    for sort in ("DESC", "asc"):
        seen: list[str] = []
        query = asked(limit=10, sort=sort)
        while (answer := api("POST", EVENTS, query)).json:
            seen += [event["resource"]["id"] for event in answer.json]
            query["search_after"] = json.loads(answer.headers["X-Search_after"])
            if int(answer.headers["X-Result-Count"]) < int(answer.headers["X-Limit"]):
                break
        expected = [str(n) for n in range(25)]
        assert seen == (expected if sort == "asc" else expected[::-1])
    assert len(api.post(EVENTS, asked(limit=10, skip=20))) == 5


def test_a_limit_above_ours_is_cut_and_said_and_one_above_the_vendors_refused(
    api: Caller, recorded: None
) -> None:
    assert api("POST", EVENTS, asked(limit=10_000)).headers["X-Limit"] == "1000"
    assert api("POST", EVENTS, asked(limit=10_001)).status == 400


def test_fields_are_chosen_by_their_dotted_names(api: Caller, recorded: None) -> None:
    query = asked(fields=["event_type", "initiated_by.email", "nothing"], service=["sso"])
    assert api.post(EVENTS, query) == [
        {"event_type": "sso_auth", "initiated_by": {"email": "lena@example.org"}}
    ]


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({}, 3),
        ({"service": ["directory"]}, 2),
        ({"service": ["sso", "directory"]}, 3),
        ({"service": ["radius"]}, 0),
        ({"search_term": {"and": {"event_type": "user_login_attempt"}}}, 1),
        ({"search_term": {"and": {"event_type": "admin_login_attempt"}}}, 0),
        ({"search_term": {"not": {"success": True}}}, 1),
        ({"q": "BRANDT"}, 1),
        ({"exact_match": "lena@example.org"}, 2),
        ({"end_time": "2020-01-01T00:00:00Z"}, 0),
        ({"start_time": "2999-01-01T00:00:00Z"}, 0),
    ],
)
def test_events_are_counted(api: Caller, recorded: None, query: dict[str, Any], count: int) -> None:
    assert api.post(f"{EVENTS}/count", asked(**query)) == {"count": count}
    assert len(api.post(EVENTS, asked(**query))) == count


def test_the_values_of_a_field_are_told_apart(api: Caller, recorded: None) -> None:
    told = api.post(f"{EVENTS}/distinct", asked(field="initiated_by.type"))
    assert told == {
        "buckets": [{"key": "user", "doc_count": 2}, {"key": "admin", "doc_count": 1}],
        "doc_count_error_upper_bound": 0,
        "sum_other_doc_count": 0,
    }
    assert api("POST", f"{EVENTS}/distinct", asked(field="changes")).status == 400


def test_events_are_counted_by_intervals(api: Caller, recorded: None) -> None:
    query = asked(interval_unit="d", interval_value="1", timezone="+01:00")
    [bucket] = api.post(f"{EVENTS}/interval", query)["buckets"]
    assert bucket["doc_count"] == 3
    assert bucket["key"] % 86_400_000 == 82_800_000
    assert bucket["key_as_string"].endswith("T23:00:00.000Z")


@pytest.mark.parametrize(
    ("address", "fields"),
    [
        ("", {"service": []}),
        ("", {"service": ["mainframe"]}),
        ("", {"start_time": "yesterday"}),
        ("", {"start_time": "9999-12-31T23:59:59-12:00"}),
        ("", {"limit": -1}),
        ("", {"skip": 10_001}),
        ("", {"sort": "UP"}),
        ("", {"search_after": ["1"]}),
        ("", {"search_after": ["0001-01-01T00:00:00+14:00", "1"]}),
        ("", {"search_after": ["2026-01-01T00:00:00Z", "f" * 200]}),
        ("", {"search_term": {"and": {"changes": "x"}}}),
        ("", {"q": "a", "exact_match": "b"}),
        ("", {"unknown": 1}),
        ("/interval", {"interval_unit": "y"}),
        ("/interval", {"interval_unit": "d", "interval_value": "0"}),
        ("/interval", {"interval_unit": "d", "timezone": "Nowhere/Land"}),
        ("/interval", {"interval_unit": "d", "timezone": "+99:00"}),
        ("/interval", {}),
        ("/distinct", {}),
    ],
)
def test_what_is_no_query_is_refused_with_a_message(
    api: Caller, address: str, fields: dict[str, Any]
) -> None:
    answer = api("POST", EVENTS + address, asked(**fields))
    assert answer.status == 400
    assert answer.json["message"].startswith("Bad Request")


@pytest.mark.parametrize("role", [Role.READ_ONLY, Role.MANAGER, Role.ADMINISTRATOR])
def test_a_key_of_every_role_reads_events(db: None, role: Role) -> None:
    caller = Caller(api_keys.create(TESTER, "siem", role=role)[1])
    assert caller("POST", EVENTS, asked()).status == 200


def test_without_a_key_nothing_is_told_and_no_other_address_is_served(api: Caller) -> None:
    assert Caller("nothing")("POST", EVENTS, asked()).status == 401
    assert api("POST", EVENTS + "/elsewhere", asked()).status == 404
    assert api("GET", EVENTS).status == 405


def test_a_thousand_events_take_as_many_statements_as_ten(api: Caller) -> None:
    counts = []
    for number in (10, 990):
        entries = [Entry(Target("user", str(n))) for n in range(number)]
        record_many(ADMIN, Action.USER_CREATE, entries)
        with CaptureQueriesContext(connection) as queries:
            assert len(api.post(EVENTS, asked(limit=1000))) >= number
        counts.append(len(queries))
    assert counts[1] - counts[0] <= 1  # of the rows, which SQLite is asked for by 999


@pytest.mark.parametrize(
    ("query", "index"),
    [
        ({}, "audit_event_timestamp"),
        ({"search_term": {"and": {"event_type": "group_create"}}}, "audit_action"),
        ({"search_term": {"and": {"initiated_by.email": "a@example.org"}}}, "audit_actor"),
        ({"search_term": {"and": {"resource.id": "x"}}}, "audit_target"),
        ({"service": ["sso"]}, "audit_action"),
    ],
)
def test_pages_are_found_by_an_index(api: Caller, query: dict[str, Any], index: str) -> None:
    with CaptureQueriesContext(connection) as queries:
        api.post(EVENTS, asked(**query))
    [found] = [q["sql"] for q in queries if "ORDER BY" in q["sql"] and "audit_event" in q["sql"]]
    if connection.vendor == "postgresql":
        return  # whose planner reads so few rows without one
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN QUERY PLAN " + found.replace("%", "%%"))
        plan = " ".join(str(row) for row in cursor.fetchall())
    assert index in plan
