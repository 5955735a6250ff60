"""A database from before migrations were kept is refused by name, with what to do instead."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from tests.cli.test_exit_status import complaint
from tests.postgresql import Cluster
from tests.terminal import Terminal

# What `rollcall` left behind when the portal was one app, as far as this version would look.
OLDER = """
CREATE TABLE django_migrations (
    id integer PRIMARY KEY, app varchar(255), name varchar(255), applied timestamp
);
INSERT INTO django_migrations VALUES
    (1, 'contenttypes', '0001_initial', '2026-10-01 08:00:00'),
    (2, 'directory', '0001_initial', '2026-10-01 08:00:00'),
    (3, 'imports', '0004_batches_by_their_bounds', '2026-10-01 08:00:00'),
    (4, 'portal', '0001_initial', '2026-10-01 08:00:00');
CREATE TABLE directory_user (id varchar(24) PRIMARY KEY, username varchar(1024));
INSERT INTO directory_user VALUES ('6712aa', 'lena.brandt');
"""
COMMANDS = (["users"], ["import"], ["serve", "--port", "0"], ["worker"], ["doctor"])


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def older(request: pytest.FixtureRequest, tmp_path: Path) -> Terminal:
    """A terminal whose database an earlier version made."""
    if request.param == "sqlite":
        with closing(sqlite3.connect(tmp_path / "rollcall.db")) as database:
            database.executescript(OLDER)
        return Terminal(tmp_path)
    address = Cluster.create_database(request.getfixturevalue("postgres_url"), "older")
    with psycopg.connect(address) as database:
        database.execute(OLDER.encode())
    return Terminal(tmp_path, {"ROLLCALL_DATABASE_URL": address})


def test_every_command_says_that_an_earlier_version_made_it_and_what_to_do(
    older: Terminal,
) -> None:
    for words in COMMANDS:
        done = older.run(*words)
        assert done.returncode == 4, words
        line = complaint(done)
        assert "made by an earlier version" in line
        assert "ROLLCALL_DATA_DIR to a new folder" in line
        assert "ROLLCALL_DATABASE_URL to an empty database" in line


def test_it_is_left_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / "rollcall.db"
    with closing(sqlite3.connect(file)) as database:
        database.executescript(OLDER)
    Terminal(tmp_path).run("users")
    with closing(sqlite3.connect(file)) as database:
        tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master")}
        users = database.execute("SELECT username FROM directory_user").fetchall()
    assert tables >= {"django_migrations", "directory_user"}
    assert "audit_event" not in tables
    assert users == [("lena.brandt",)]


def test_a_new_data_folder_is_all_it_takes(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "rollcall.db")) as database:
        database.executescript(OLDER)
    assert Terminal(tmp_path).run("users").returncode == 4
    assert (
        Terminal(tmp_path, {"ROLLCALL_DATA_DIR": str(tmp_path / "new")}).run("users").stderr == ""
    )
