"""What may pass by itself is told from what will not, on both engines."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
import sqlalchemy
from django.db import DatabaseError, OperationalError, connection, transaction
from sqlalchemy.exc import SQLAlchemyError

from rollcall.database.errors import may_pass
from rollcall.directory.models import Organization

Happening = Callable[[sqlite3.Connection, Path], None]


def locked(file: sqlite3.Connection, path: Path) -> None:
    other = sqlite3.connect(path, timeout=0)
    other.execute("BEGIN EXCLUSIVE")
    try:
        file.execute("INSERT INTO people VALUES ('x')")
    finally:
        other.close()


def full(file: sqlite3.Connection, path: Path) -> None:
    file.execute("PRAGMA max_page_count=2")
    file.execute("INSERT INTO people VALUES (?)", ["x" * 100_000])


def read_only(file: sqlite3.Connection, path: Path) -> None:
    file.execute("PRAGMA query_only=1")
    sqlite3.connect(f"file:{path}?mode=ro", uri=True).execute("DELETE FROM people")


@transaction.atomic
def write_read_only() -> None:
    """Write where nothing may be written, on PostgreSQL."""
    connection.cursor().execute("SET TRANSACTION READ ONLY")
    Organization.objects.update(displayName="x")


def no_table(file: sqlite3.Connection, path: Path) -> None:
    file.execute("SELECT * FROM nobody")


def no_statement(file: sqlite3.Connection, path: Path) -> None:
    file.execute("SELECT FROM WHERE")


@pytest.mark.parametrize(
    ("happening", "passes"),
    [(locked, True), (full, True), (read_only, True), (no_table, False), (no_statement, False)],
)
def test_sqlite_locked_full_or_read_only_may_pass_and_a_wrong_statement_may_not(
    tmp_path: Path, happening: Happening, passes: bool
) -> None:
    path = tmp_path / "people.db"
    file = sqlite3.connect(path, timeout=0, isolation_level=None)
    file.execute("CREATE TABLE people (name TEXT)")
    with pytest.raises(sqlite3.OperationalError) as caught:
        happening(file, path)
    file.close()
    error = OperationalError("as Django raises it")
    error.__cause__ = caught.value
    assert may_pass(error) is passes


@pytest.mark.django_db(transaction=True)
def test_a_read_only_database_may_pass() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("PostgreSQL's alone")
    with pytest.raises(DatabaseError) as caught:
        write_read_only()
    assert may_pass(caught.value)


@pytest.mark.django_db(transaction=True)
def test_a_table_that_is_not_there_will_not_pass() -> None:
    with pytest.raises(DatabaseError) as caught:
        connection.cursor().execute("SELECT * FROM nobody")
    assert not may_pass(caught.value)


def test_a_server_that_does_not_answer_may_pass() -> None:
    with pytest.raises(psycopg.OperationalError) as caught:
        psycopg.connect("postgresql://nobody@127.0.0.1:1/none")
    error = OperationalError("as Django raises it")
    error.__cause__ = caught.value
    assert may_pass(error)


def test_the_durable_engines_errors_are_judged_alike(tmp_path: Path) -> None:
    with pytest.raises(SQLAlchemyError) as nowhere:
        sqlalchemy.create_engine("postgresql+psycopg://nobody@127.0.0.1:1/none").connect()
    assert may_pass(nowhere.value)
    engine = sqlalchemy.create_engine(f"sqlite:///{tmp_path}/engine.db")
    with engine.connect() as made, pytest.raises(SQLAlchemyError) as wrong:
        made.execute(sqlalchemy.text("SELECT * FROM nobody"))
    engine.dispose()
    assert not may_pass(wrong.value)


def test_any_other_error_will_not_pass() -> None:
    assert not may_pass(ZeroDivisionError())
