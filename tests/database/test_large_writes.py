"""Whoever imports keeps more of the database file in memory than whoever looks at a page."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest
from django.db import connection

from rollcall.database import large_writes
from rollcall.database.large_writes import MEGABYTE
from rollcall.imports import applying
from rollcall.imports.batches import Bounds
from rollcall.jobs import engine, worker_registry
from rollcall.jobs.process import this_process
from tests.imports.world import imported, let_go, personio

pytestmark = pytest.mark.django_db(transaction=True)
on_sqlite = pytest.mark.skipif(
    connection.vendor != "sqlite", reason="PostgreSQL's cache and log are the server's"
)


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    yield
    connection.close()  # what was asked for lasts as long as the connection


def kilobytes() -> int:
    return -asked("cache_size")


def asked(name: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {name}")
        return int(cursor.fetchone()[0])


@on_sqlite
def test_an_import_writes_with_a_wide_cache_and_nobody_else_has_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wide: list[int] = []
    prepare = applying.prepare

    def looked_at(run: UUID) -> list[Bounds]:
        wide.append(kilobytes())
        return prepare(run)

    monkeypatch.setattr(applying, "prepare", looked_at)
    with engine.running(queue=engine.own_queue()), personio(10) as company:
        run = imported(company.account)
        let_go(run)
    assert wide == [64 * 1024]
    assert kilobytes() == 16 * 1024


@on_sqlite
@pytest.mark.parametrize(
    ("megabytes", "cache", "log"),
    [(10, 64, 64), (500, 64, 64), (1600, 100, 200), (9000, 128, 1024)],
)
def test_cache_and_log_grow_with_the_file_within_their_limits(
    monkeypatch: pytest.MonkeyPatch, megabytes: int, cache: int, log: int
) -> None:
    monkeypatch.setattr(large_writes, "_file_size", lambda: megabytes * MEGABYTE)
    large_writes.widen_cache()
    large_writes.lengthen_log()
    assert kilobytes() == cache * 1024
    assert asked("wal_autocheckpoint") == log * MEGABYTE // asked("page_size")


@on_sqlite
def test_the_heart_beats_without_writing_an_imports_log_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(large_writes, "_file_size", lambda: 8000 * MEGABYTE)
    worker_registry.beat(this_process())
    assert asked("wal_autocheckpoint") == 1000 * MEGABYTE // asked("page_size")


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has a cache a connection")
def test_a_server_with_a_cache_and_a_log_of_its_own_is_asked_nothing() -> None:
    with connection.execute_wrapper(lambda *_: pytest.fail("a statement was sent")):
        large_writes.widen_cache()
        large_writes.lengthen_log()
