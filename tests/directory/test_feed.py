"""The change feed is complete and in order for whoever goes on where it stopped."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from rollcall.directory import feed, services
from rollcall.directory.feed import Cursor, FeedLost, changes_after, cursor_of, position
from rollcall.directory.models import DirectoryChange
from rollcall.directory.services import NewGroup
from rollcall.jobs.registry import works
from tests.actors import TESTER

START = Cursor(0, 0)


def make(*names: str) -> None:
    services.create_groups(TESTER, [NewGroup(name) for name in names])


def make_alone(*names: str) -> None:
    """Make groups, and let no other transaction of the cluster be older than that."""
    make(*names)
    let_older_ones_end()


def let_older_ones_end() -> None:
    """Wait for the transactions that a reader waits for: other tests have theirs on the same
    PostgreSQL."""
    if connection.vendor != "postgresql":
        return
    until = time.monotonic() + 120
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        (mine,) = cursor.fetchone()
        oldest = 0
        while oldest <= mine and time.monotonic() < until:
            cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
            (oldest,) = cursor.fetchone()


def read_from(cursor: Cursor, limit: int = 1000) -> tuple[list[int], Cursor]:
    changes = changes_after(cursor, limit)
    return [change.id for change in changes], cursor_of(changes[-1]) if changes else cursor


@pytest.mark.django_db(transaction=True)
def test_a_reader_goes_on_where_it_stopped_and_sees_each_change_once() -> None:
    make_alone(*(f"Group {n}" for n in range(5)))
    first, cursor = read_from(START, limit=2)
    make_alone("Later")
    rest, cursor = read_from(Cursor.from_text(cursor.text()))
    assert [*first, *rest] == list(DirectoryChange.objects.values_list("id", flat=True))
    assert read_from(cursor) == ([], cursor)


@pytest.mark.django_db(transaction=True)
def test_who_has_read_the_directory_follows_from_the_position_before() -> None:
    make_alone("Before")
    start = position()
    make_alone("After")
    changes = changes_after(start)
    assert len(changes) == 1
    assert changes[0].id == DirectoryChange.objects.order_by("-id")[0].id


@pytest.mark.django_db(transaction=True)
def test_a_change_that_is_committed_late_is_not_passed_over() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time")
    written, may_end = Event(), Event()

    def slowly() -> None:
        with transaction.atomic():
            make("Slow")
            written.set()
            may_end.wait(10)
        connection.close()

    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(slowly)
        assert written.wait(10)
        make("Quick")
        held_back, cursor = read_from(START)
        may_end.set()
        slow.result()
    assert held_back == []
    let_older_ones_end()
    seen, _ = read_from(cursor)
    assert sorted(seen) == sorted(DirectoryChange.objects.values_list("id", flat=True))
    assert len(seen) == 2


@pytest.mark.django_db(transaction=True)
def test_what_is_undone_is_never_in_the_feed() -> None:
    with transaction.atomic():
        make("Undone")
        transaction.set_rollback(True)
    make_alone("Done")
    assert len(changes_after(START)) == 1


@pytest.mark.django_db(transaction=True)
def test_forgetting_tells_the_reader_who_was_behind() -> None:
    make_alone("One", "Two", "Three")
    first, cursor = read_from(START, limit=1)
    _, up_to_date = read_from(START)
    assert feed.forget(timezone.now() + timedelta(minutes=1)) == 2
    with pytest.raises(FeedLost):
        changes_after(cursor)
    make_alone("Four")
    assert len(changes_after(up_to_date)) == 1
    with pytest.raises(FeedLost):
        changes_after(START)
    assert len(first) == 1


@pytest.mark.django_db(transaction=True)
def test_a_worker_shortens_it_by_a_share_a_day_and_readers_who_were_behind_are_told() -> None:
    make_alone(*(f"Group {n}" for n in range(10)))
    old = list(DirectoryChange.objects.order_by("id").values_list("id", flat=True)[:6])
    long_ago = timezone.now() - settings.KEEP_RUNS - timedelta(days=1)
    DirectoryChange.objects.filter(id__in=old).update(at=long_ago)
    _, up_to_date = read_from(START)
    chores = {chore.name: chore for work in works() for chore in work.worker_chores}
    chore = chores["directory: shorten the change feed"]
    chore.run()
    assert DirectoryChange.objects.count() == 8
    with pytest.raises(FeedLost):
        changes_after(START)
    assert read_from(up_to_date)[0] == []
    for _ in range(9):
        chore.run()
    # what is younger stays, and the mark before it
    kept = DirectoryChange.objects.order_by("id").values_list("id", flat=True)
    assert list(kept) == [old[-1], *range(old[-1] + 1, old[-1] + 5)]


@pytest.mark.django_db(transaction=True)
def test_forgetting_takes_no_more_than_it_is_told_to() -> None:
    make_alone(*(f"Group {n}" for n in range(5)))
    before = timezone.now() + timedelta(minutes=1)
    assert [feed.forget(before, limit=2) for _ in range(3)] == [2, 2, 0]


@pytest.mark.django_db(transaction=True)
def test_the_last_days_are_kept() -> None:
    make_alone("One")
    assert feed.forget(timezone.now() - timedelta(days=1)) == 0
    assert len(changes_after(START)) == 1


@pytest.mark.django_db
def test_a_cursor_of_another_database_is_told() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite's file is moved with its numbers")
    with pytest.raises(FeedLost):
        changes_after(Cursor(2**40, 1))
