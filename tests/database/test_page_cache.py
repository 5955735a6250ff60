"""Whoever imports keeps more of the database file in memory than whoever looks at a page."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.db import connection

from rollcall.database import page_cache
from rollcall.imports import applying
from rollcall.imports.batches import Bounds
from rollcall.jobs import engine
from tests.imports.world import imported, let_go, personio

pytestmark = pytest.mark.django_db(transaction=True)


def kilobytes() -> int:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA cache_size")
        return -int(cursor.fetchone()[0])


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL's cache is the server's")
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
    assert wide == [page_cache.MEGABYTES * 1024]
    assert kilobytes() == 16 * 1024


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has a cache a connection")
def test_a_server_with_a_cache_of_its_own_is_asked_nothing() -> None:
    with connection.execute_wrapper(lambda *_: pytest.fail("a statement was sent")):
        page_cache.widen()
