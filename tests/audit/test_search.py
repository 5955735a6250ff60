"""Events are found by what they say, and pages follow each other without gap or overlap."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from rollcall.audit.actions import Action
from rollcall.audit.models import Event
from rollcall.audit.recording import Entry, Target, record, record_many
from rollcall.audit.search import Search, page
from tests.actors import ADMIN, TESTER

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("search", "found"),
    [
        (Search(), 2),
        (Search(event_type="user_update"), 1),
        (Search(event_type="nothing_of_the_kind"), 0),
        (Search(actor="tests"), 1),
        (Search(actor="1"), 1),
        (Search(target_id="7"), 1),
        (Search(door="portal"), 1),
        (Search(text="ZOFIA"), 1),
        (Search(text="nobody"), 0),
        (Search(text="127.0.0"), 1),
        (Search(text="Gruppe", worded=["group.create"]), 1),
        (Search(since=timezone.now() - timedelta(days=1)), 2),
        (Search(until=timezone.now() - timedelta(days=1)), 0),
    ],
)
def test_events_are_found_by_each_of_their_sides(search: Search, found: int) -> None:
    record(ADMIN, Action.USER_UPDATE, Target("user", "7", "zofia.nowak"))
    record(TESTER, Action.GROUP_CREATE, Target("user_group", "8", "Sales"))
    assert search.events().count() == found


def test_pages_of_events_of_one_moment_neither_overlap_nor_leave_gaps() -> None:
    entries = [Entry(Target("user", str(number))) for number in range(25)]
    record_many(ADMIN, Action.USER_CREATE, entries)
    seen: list[Event] = []
    while some := page(Search(), 10, seen[-1] if seen else None):
        seen += some
    assert [event.target_id for event in seen] == [str(number) for number in range(24, -1, -1)]


@pytest.mark.parametrize("typed", ["jose munoz", "MUNOZ", "josé", "Muñoz José"])
def test_whoever_is_gone_is_found_without_accents(typed: str) -> None:
    record(ADMIN, Action.USER_DELETE, Target("user", "7", "José Muñoz"))
    record(ADMIN, Action.USER_DELETE, Target("user", "8", "Zoë"))
    assert [event.target_id for event in Search(text=typed).events()] == ["7"]


def test_a_name_without_accents_is_found_by_one_with_them() -> None:
    record(ADMIN, Action.USER_DELETE, Target("user", "7", "jose.munoz"))
    assert Search(text="Muñoz").events().count() == 1
    assert Search(text="Muñiz").events().count() == 0
