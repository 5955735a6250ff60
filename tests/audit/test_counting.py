"""Events are counted by value and by interval, by the clock of the reader's time zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from rollcall.audit import counting
from rollcall.audit.actions import Action
from rollcall.audit.counting import Bucket, Interval, Tally
from rollcall.audit.models import Event
from rollcall.audit.recording import Target, record
from rollcall.audit.search_terms import Unsearchable
from tests.actors import ADMIN, TESTER
from tests.audit.events import write

BERLIN = ZoneInfo("Europe/Berlin")


def at(*moments: str, success: bool = True) -> None:
    for moment in moments:
        event = record(ADMIN, Action.USER_UPDATE, Target("user", "1"), success=success)
        Event.objects.filter(pk=event.pk).update(timestamp=datetime.fromisoformat(moment))


@pytest.mark.django_db
def test_values_are_counted_the_most_frequent_first() -> None:
    write(3)
    record(TESTER, Action.GROUP_CREATE, Target("user_group", "8", "Sales"), details={"mfa": True})
    events = Event.objects.all()
    assert counting.values(events, "event_type") == (
        [Tally("user_update", 3), Tally("group_create", 1)],
        0,
    )
    assert counting.values(events, "success") == ([Tally("true", 4)], 0)
    assert counting.values(events, "mfa") == ([Tally("true", 1)], 0)
    assert counting.values(events, "client_ip") == ([Tally("127.0.0.1", 3)], 0)
    assert counting.values(events, "initiated_by.email")[0] == [
        Tally("administrator@example.com", 3)
    ]
    assert counting.values(events, "initiated_by.username")[0] == [Tally("tests", 1)]
    with pytest.raises(Unsearchable):
        counting.values(events, "changes")


@pytest.mark.django_db
def test_more_values_than_are_told_apart_are_counted_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(counting, "MOST_VALUES", 2)
    write(5)
    tallies, others = counting.values(Event.objects.all(), "resource.id")
    assert (len(tallies), others) == (2, 3)


@pytest.mark.django_db
def test_days_are_those_of_the_time_zone_and_have_no_gaps() -> None:
    at("2026-03-27T23:30+00:00", "2026-03-30T21:59+00:00")
    at("2026-03-28T22:59+00:00", success=False)
    days = counting.by_interval(Event.objects.all(), Interval(86_400, BERLIN))
    # The 29th has 23 hours, and no event.
    assert [(day.start.isoformat(), day.count, day.failed) for day in days] == [
        ("2026-03-28T00:00:00+01:00", 2, 1),
        ("2026-03-29T00:00:00+01:00", 0, 0),
        ("2026-03-30T00:00:00+02:00", 1, 0),
    ]
    assert [
        bucket.count for bucket in counting.by_interval(Event.objects.all(), Interval(86_400))
    ] == [1, 1, 0, 1]


@pytest.mark.django_db
def test_weeks_begin_on_monday() -> None:
    at("2026-11-22T12:00+00:00", "2026-11-23T00:00+00:00")
    weeks = counting.by_interval(Event.objects.all(), Interval(7 * 86_400))
    assert weeks == [
        Bucket(datetime(2026, 11, 16, tzinfo=UTC), 1, 0),
        Bucket(datetime(2026, 11, 23, tzinfo=UTC), 1, 0),
    ]


@pytest.mark.django_db
def test_no_events_make_no_intervals_and_too_many_are_refused() -> None:
    assert counting.by_interval(Event.objects.all(), Interval(1)) == []
    at("2026-01-01T00:00+00:00", "2026-11-23T00:00+00:00")
    with pytest.raises(Unsearchable, match="ask for longer ones"):
        counting.by_interval(Event.objects.all(), Interval(1))


@pytest.mark.django_db
def test_intervals_take_one_statement_however_many_events() -> None:
    write(200)
    with CaptureQueriesContext(connection) as queries:
        counting.by_interval(Event.objects.all(), Interval(3600))
    assert len(queries) == 1


@settings(max_examples=30, deadline=None)
@given(
    st.integers(0, 2_000_000_000),
    st.sampled_from([60, 900, 3600, 86_400, 7 * 86_400, 11_700]),
    st.integers(-56, 56),
)
def test_every_moment_lies_in_the_interval_that_is_said_to_hold_it(
    epoch: int, seconds: int, quarters: int
) -> None:
    interval = Interval(seconds, timezone(timedelta(minutes=15 * quarters)))
    start = interval.start(interval.number(epoch)).timestamp()
    assert start <= epoch < start + seconds
    slot = epoch - epoch % interval.slot_seconds
    assert interval.number(slot) == interval.number(epoch)
