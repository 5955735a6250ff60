"""`search_term` finds events by their fields, joined by and, or and not, within bounds."""

from __future__ import annotations

from typing import Any

import pytest

from rollcall.audit.actions import Action
from rollcall.audit.actor import Actor, Door, Initiator
from rollcall.audit.insights import insights_id
from rollcall.audit.models import Event
from rollcall.audit.recording import Target, record
from rollcall.audit.search_terms import MOST_VALUES, Unsearchable, condition
from tests.actors import ADMIN, TESTER

LENA = Actor(Initiator.USER, Door.PORTAL, "lena@example.org", "5", "192.0.2.7")
KEY = Actor(Initiator.API_KEY, Door.API, "payroll", "k1")


@pytest.fixture
def recorded(db: None) -> list[Event]:
    """Four events: an administrator's, one of the terminal, a user's failed one, a key's."""
    sign_on = {"application": {"id": "a1", "name": "oidc"}, "mfa": True}
    return [
        record(ADMIN, Action.USER_UPDATE, Target("user", "u1", "lena.brandt")),
        record(TESTER, Action.GROUP_CREATE, Target("user_group", "g1", "Sales")),
        record(
            LENA,
            Action.SSO_SIGN_ON,
            Target("application", "a1", "Wiki"),
            success=False,
            reason="not bound",
            details=sign_on,
        ),
        record(KEY, Action.USER_CREATE, Target("user", "u2", "mara@example.org")),
    ]


@pytest.mark.parametrize(
    ("term", "found"),
    [
        ({}, [0, 1, 2, 3]),
        ({"and": {"event_type": "user_update"}}, [0]),
        ({"and": {"event_type": ["group_create", "SSO_AUTH"]}}, [1, 2]),
        ({"and": {"event_type": "nothing_of_the_kind"}}, []),
        ({"or": {"event_type": "user_update", "resource.id": "g1"}}, [0, 1]),
        ({"not": {"event_type": "user_update", "resource.id": "g1"}}, [2, 3]),
        ({"and": [{"initiated_by.type": "admin"}, {"door": "api"}]}, [3]),
        ({"and": {"initiated_by.type": "admin"}}, [0, 1, 3]),
        ({"and": {"initiated_by.email": "LENA@example.org"}}, [2]),
        ({"and": {"initiated_by.username": "lena@example.org"}}, []),
        ({"and": {"initiated_by.username": "payroll"}}, [3]),
        ({"and": {"resource.displayname": "Sales", "success": True}}, [1]),
        ({"and": {"success": "false"}}, [2]),
        ({"and": {"application.name": "oidc", "mfa": True}}, [2]),
        ({"not": {"mfa": True}}, [0, 1, 3]),
        ({"and": {"service": "sso"}}, [2]),
        ({"and": {"client_ip": ["192.0.2.7", "127.0.0.1"]}}, [0, 2]),
        ({"and": {"door": ["api", "cli"], "not": {"resource.type": "user_group"}}}, [3]),
        ({"and": {"or": {"door": "cli", "event_type": "user_create"}}}, [1, 3]),
        ({"and": {"event_type": []}}, []),
        ({"and": {"id": "zz"}}, []),
        ({"and": {"id": "f" * 24}}, []),
    ],
)
def test_events_are_found_by_a_term(
    recorded: list[Event], term: dict[str, Any], found: list[int]
) -> None:
    events = Event.objects.filter(condition(term)).order_by("pk")
    assert [recorded.index(event) for event in events] == found


def test_an_event_is_found_by_its_id(recorded: list[Event]) -> None:
    term = {"and": {"id": insights_id(recorded[1].pk)}}
    assert list(Event.objects.filter(condition(term))) == [recorded[1]]


@pytest.mark.parametrize(
    "term",
    [
        {"and": {}, "or": {}},
        {"nor": {"success": True}},
        {"and": "success"},
        {"and": [["success"]]},
        {"and": {"changes": "x"}},
        {"and": {"useragent.name": "x"}},
        {"and": {"success": "perhaps"}},
        {"and": {"door": {"gt": 1}}},
        {"and": {"door": None}},
        {"and": {"door": 1.5}},
        {"and": {"door": "x" * 256}},
        {"and": {"door": ["x"] * (MOST_VALUES + 1)}},
        {"and": {"and": {"and": {"and": {"and": {"and": {"and": {"door": "x"}}}}}}}},
    ],
)
def test_what_cannot_be_searched_is_refused_and_not_left_out(term: dict[str, Any]) -> None:
    with pytest.raises(Unsearchable):
        condition(term)
