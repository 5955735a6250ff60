"""Brings the database to this version's tables, and refuses one that it cannot take over."""

from __future__ import annotations

import fcntl
import os
import pkgutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from django.apps import apps
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

MIGRATING: Final = 7_655_120
"""The number of PostgreSQL's advisory lock that stands for a change of the tables."""

BEFORE_THE_FIRST_RELEASE: Final = frozenset({"portal"})
"""Apps whose tables only databases have that were made before migrations were kept."""


class OlderDatabase(Exception):
    """The database was made by a version from which nothing leads here; says what to do."""

    def __init__(self) -> None:
        super().__init__(
            "the database was made by an earlier version, from before the first release, and "
            "cannot be taken over: set ROLLCALL_DATA_DIR to a new folder, or ROLLCALL_DATABASE_URL "
            "to an empty database, and import again"
        )


def migrate() -> None:
    """Bring the database to this version's tables; makes it where there is none.

    Raises:
        OlderDatabase: it was made before migrations were kept; nothing is changed.
        DatabaseError: it cannot be reached, or does not do as asked.
    """
    recorded = applied()
    if any(app in BEFORE_THE_FIRST_RELEASE for app, _ in recorded):
        raise OlderDatabase
    # Loading every migration costs more than many commands do: the names of the files will do.
    if recorded >= set(on_disk()):
        return
    with _one_at_a_time():
        while left := _missing():
            try:
                call_command("migrate", verbosity=0, interactive=False)
            except DatabaseError:
                if _missing() >= left:  # else another process made these tables meanwhile
                    raise


def applied() -> set[tuple[str, str]]:
    """The app and name of every migration that made the database what it is."""
    return set(MigrationRecorder(connection).applied_migrations())


def migrate_to(migrations: Iterable[tuple[str, str]]) -> None:
    """Make the tables of an empty database as these migrations left them."""
    executor = MigrationExecutor(connection)
    graph, made = executor.loader.graph, set(migrations)
    # of each app the last one: to be led to an earlier one would mean to undo the later ones
    followed = {parent.key for node in made for parent in graph.node_map[node].parents}
    executor.migrate(sorted(made - followed))


def on_disk() -> Iterator[tuple[str, str]]:
    """The app and name of every migration in the installed packages."""
    for config in apps.get_app_configs():
        folder = str(Path(config.path) / "migrations")
        names = (module.name for module in pkgutil.iter_modules([folder]))
        yield from ((config.label, name) for name in names if name[0] not in "_~")


def _missing() -> int:
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Let no other process change the tables meanwhile, not even what a killed one left running.

    SQLite has one writer at a time, but tables may be there before it is written down that they
    are. PostgreSQL carries a killed process's last statement to its end, and holds its lock as
    long.
    """
    if connection.vendor != "postgresql":
        with _holding_the_folder():
            yield
        return
    if connection.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS"):
        with _locked_behind_a_pooler():
            yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = 0")  # another process may take its time
        cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATING])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATING])
            cursor.execute("RESET lock_timeout")


@contextmanager
def _holding_the_folder() -> Iterator[None]:
    """The lock of the folder with SQLite's file; it ends with the process, however that ends."""
    folder = os.open(Path(connection.settings_dict["NAME"]).resolve().parent, os.O_RDONLY)
    try:
        # a file system that knows no locks has to do with the one writer
        with suppress(OSError):
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


@contextmanager
def _locked_behind_a_pooler() -> Iterator[None]:
    """The lock of a transaction, on a connection beside ours: a session is whoever's turn it is."""
    beside = connection.copy()
    try:
        beside.set_autocommit(False)
        with beside.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = 0")
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [MIGRATING])
            yield
        beside.rollback()
    finally:
        beside.close()
