"""An event in Directory Insights' shape: the vendor's names, and nothing that is empty."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rollcall.audit import counting
from rollcall.audit.actions import Action
from rollcall.audit.actor import Actor, Door, Initiator
from rollcall.audit.event_types import actions_of, event_type
from rollcall.audit.insights import as_insights
from rollcall.audit.models import Event
from rollcall.audit.recording import HIDDEN, Entry, Target, record, record_many
from rollcall.audit.search_terms import condition
from tests.actors import ADMIN

pytestmark = pytest.mark.django_db
LENA = Target("user", "5f1b", "lena.brandt")


def test_a_change_is_told_in_the_vendors_names() -> None:
    event = record(
        ADMIN,
        Action.USER_UPDATE,
        LENA,
        before={"jobTitle": "Buyer", "company": "Acme"},
        after={"jobTitle": "Head of Buying", "company": "Acme"},
    )
    shown = as_insights(event, organization="0123")
    assert shown.pop("timestamp").endswith("Z")
    assert shown == {
        "id": f"{event.pk:024x}",
        "event_type": "user_update",
        "service": "directory",
        "organization": "0123",
        "success": True,
        "client_ip": "127.0.0.1",
        "initiated_by": {
            "id": "1",
            "type": "admin",
            "email": "administrator@example.com",
            "source": "portal",
        },
        "resource": {"id": "5f1b", "type": "user", "displayname": "lena.brandt"},
        "changes": [{"field": "jobTitle", "from": "Buyer", "to": "Head of Buying"}],
        "auth_method": "session",
        "action": "user.update",
        "door": "portal",
        "@version": "1",
    }


def test_a_refusal_says_that_it_failed_and_why() -> None:
    key = Actor(Initiator.API_KEY, Door.API, "payroll script", "k1", "10.0.0.7")
    event = record(key, Action.USER_DELETE, LENA, success=False, reason="the key may only read")
    shown = as_insights(event)
    assert (shown["success"], shown["error_message"]) == (False, "the key may only read")
    assert shown["auth_method"] == "api-key"
    assert shown["initiated_by"]["username"] == "payroll script"
    assert "organization" not in shown


@pytest.mark.parametrize("action", Action)
def test_every_action_has_a_type_and_is_found_by_it(action: Action) -> None:
    for of_user in (False, True):
        assert action in actions_of(event_type(action, of_user=of_user))


def test_a_user_and_an_administrator_sign_in_under_different_types() -> None:
    user = Actor(Initiator.USER, Door.PORTAL, "lena.brandt", "5f1b")
    assert record(ADMIN, Action.ACCOUNT_SIGN_IN).event_type == "admin_login_attempt"
    assert record(user, Action.ACCOUNT_SIGN_IN).event_type == "user_login_attempt"


def test_a_factor_of_a_user_and_of_an_administrator_is_named_as_the_vendor_does() -> None:
    added = Action.ACCOUNT_SECOND_FACTOR_ADD
    assert event_type(added, of_user=True) == "totp_finish_enrollment"
    assert event_type(added) == "admin_totp_finish_enrollment"


def test_a_side_that_did_not_exist_is_left_out() -> None:
    event = record(ADMIN, Action.USER_CREATE, LENA, after={"email": "lena@example.org"})
    assert event.changes == [{"field": "email", "to": "lena@example.org"}]
    assert (event.before, event.after) == ({}, {"email": "lena@example.org"})


def test_a_replaced_secret_shows_that_it_changed_and_nothing_else() -> None:
    event = record(
        ADMIN,
        Action.APPLICATION_UPDATE,
        before={"client_secret": "a"},
        after={"client_secret": "b"},
    )
    assert event.changes == [{"field": "client_secret", "from": HIDDEN, "to": HIDDEN}]


def test_four_thousand_events_take_two_statements() -> None:
    entries = [Entry(Target("user", str(n)), after={"state": "STAGED"}) for n in range(4000)]
    with CaptureQueriesContext(connection) as queries:
        assert record_many(ADMIN, Action.USER_CREATE, entries) == 4000
    assert len([query for query in queries if "INSERT" in query["sql"]]) == 2


def test_a_country_is_told_where_a_decision_knew_one() -> None:
    for country, shown in (("DE", {"country_code": "DE"}), (None, None)):
        decision = {"decision": {"facts": {"country": country}}}
        event = record(ADMIN, Action.ACCOUNT_SIGN_IN, details={"auth_context": decision})
        assert as_insights(event).get("geoip") == shown
    term = condition({"and": {"geoip.country_code": "DE"}})
    assert Event.objects.filter(term).count() == 1
    told = counting.values(Event.objects.all(), "geoip.country_code")
    assert told == ([counting.Tally("DE", 1)], 0)
