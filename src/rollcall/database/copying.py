"""Copies a whole database while it is used, and puts a copy in its place, on both engines.

What one process alone needs is left out of what is put back: sessions, living processes, and where
workflows stood. A run that was at work then counts as left, and goes on from our own tables.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, Final

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, transaction

from rollcall.core.drafts import draft_of

SQLITE_PART: Final = "rollcall.db"
PASSING: Final = ("django_session", "jobs_worker")
"""Tables of what was true at that moment only; a session of then must not sign anybody in."""

CHECKPOINTS: Final = "dbos"
"""PostgreSQL's schema, and the middle of the SQLite file's name, of where workflows stood."""


class InUse(Exception):
    """Another process has the database open."""


def save(folder: Path) -> dict[str, list[str]]:
    """Write the database into the folder, as it is at one moment; the columns of each table."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with closing(sqlite3.connect(folder / SQLITE_PART)) as copy:
            connection.connection.backup(copy)
            # So that the copy is one file, without a write-ahead log beside it.
            copy.execute("PRAGMA journal_mode=DELETE")
        return {}
    with transaction.atomic(), connection.cursor() as cursor:
        # One snapshot for all tables: rows that refer to each other are of one moment.
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        columns = {name: _columns(name) for name in _tables()}
        for table, names in columns.items():
            with (
                (folder / table).open("wb") as part,
                cursor.copy(f"COPY {_table(table, names)} TO STDOUT") as rows,
            ):
                for block in rows:
                    part.write(block)
    return columns


def empty() -> bool:
    """Whether there is nothing yet that putting a copy in its place would replace."""
    file = Path(str(connection.settings_dict["NAME"]))
    if connection.vendor == "sqlite" and not file.exists():
        return True  # looking into it would make it
    return "django_migrations" not in _tables()


def put_back_file(folder: Path, database: Path) -> None:
    """Put the SQLite file of a copy in the place of this one.

    Raises:
        InUse: another process has the file open.
        sqlite3.DatabaseError: the copy is damaged.
    """
    copy = folder / SQLITE_PART
    with closing(sqlite3.connect(copy)) as file:
        if file.execute("PRAGMA quick_check").fetchone() != ("ok",):
            raise sqlite3.DatabaseError("the copy is damaged")
        for table in PASSING:
            file.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names
        file.commit()
    connection.close()
    _let_go(database)
    checkpoints = database.with_name(f"{database.stem}.{CHECKPOINTS}.db")
    for name in (database.name, checkpoints.name):
        for suffix in ("-wal", "-shm", "-journal"):
            database.with_name(name + suffix).unlink(missing_ok=True)
    # Of other runs than those in the copy.
    checkpoints.unlink(missing_ok=True)
    _take_the_place(copy, database)


def put_back_tables(
    folder: Path, columns: Mapping[str, list[str]], make_tables: Callable[[], object]
) -> None:
    """Replace all tables of PostgreSQL by those of a copy, in one transaction.

    `make_tables` makes the empty tables, as they were when the copy was made.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {CHECKPOINTS} CASCADE")
        for table in _tables():
            cursor.execute(f"DROP TABLE {connection.ops.quote_name(table)} CASCADE")
        make_tables()
        made = ", ".join(connection.ops.quote_name(table) for table in columns)
        cursor.execute(f"TRUNCATE {made}")
        for table, names in columns.items():
            if table in PASSING:
                continue
            with (
                (folder / table).open("rb") as part,
                cursor.copy(f"COPY {_table(table, names)} FROM STDIN") as rows,
            ):
                while block := part.read(1_000_000):
                    rows.write(block)
        models = list(apps.get_models(include_auto_created=True))
        # COPY brings keys of its own, behind which the sequences would begin at 1.
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def settle() -> None:
    """Have the SQLite file hold everything by itself, as far as nobody else is at it just now."""
    if connection.in_atomic_block:
        return
    if connection.vendor == "sqlite" and connection.connection is not None:
        with suppress(sqlite3.Error):
            connection.connection.execute("PRAGMA busy_timeout=1000")
            connection.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    connection.close()


def _let_go(database: Path) -> None:
    """See to it that nobody has the file open, and that nothing of it stands in another one."""
    if not database.exists():
        return
    with closing(sqlite3.connect(database, timeout=1, isolation_level=None)) as file:
        try:
            # only who is alone with the file may end its write-ahead log
            if file.execute("PRAGMA journal_mode=DELETE").fetchone() != ("delete",):
                raise InUse
        except sqlite3.OperationalError:
            raise InUse from None
        except sqlite3.DatabaseError:
            return  # the reason to put a copy in its place


def _take_the_place(copy: Path, database: Path) -> None:
    # beside the old one first: a rename is whole or not at all only within one file system
    with copy.open("rb") as source, draft_of(database) as draft:
        while block := source.read(1_000_000):
            draft.write(block)
        draft.flush()
        os.fsync(draft.fileno())
        Path(draft.name).replace(database)


def _tables() -> list[str]:
    with connection.cursor() as cursor:
        return sorted(connection.introspection.table_names(cursor))


def _columns(table: str) -> list[str]:
    with connection.cursor() as cursor:
        described: Iterable[Any] = connection.introspection.get_table_description(cursor, table)
        return [column.name for column in described]


def _table(table: str, columns: Iterable[str]) -> str:
    quote = connection.ops.quote_name
    return f"{quote(table)} ({', '.join(quote(name) for name in columns)})"
