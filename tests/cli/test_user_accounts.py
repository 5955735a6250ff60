"""`rollcall users activate|unlock|expire|reset-mfa`: the accounts of users, from the terminal."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.test_admin import GOOD_PASSWORD, typed
from tests.terminal import Terminal

USERS = "SELECT state, activated, password_expired FROM directory_user"
CSV = "Personalnummer;Vorname;Nachname;E-Mail;Status\n1;Ada;Berg;ada@example.com;active\n"


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    """A terminal in whose directory there is one staged user."""
    made = Terminal(tmp_path)
    (tmp_path / "people.csv").write_text(CSV, encoding="utf-8")
    made.json("import", "people.csv", "--source", "csv", status=[0])
    return made


def rows(terminal: Terminal, statement: str) -> list[tuple[object, ...]]:
    """What a statement finds in the terminal's database."""
    with closing(sqlite3.connect(terminal.folder / "rollcall.db")) as database:
        return [tuple(row) for row in database.execute(statement)]


def test_without_an_option_the_link_is_printed(terminal: Terminal) -> None:
    done = terminal.run("users", "activate", "ada@example.com")
    assert done.returncode == 0, done.stderr
    assert "/set-password/" in done.stdout
    assert rows(terminal, USERS) == [("ACTIVATED", 0, 0)]


def test_a_password_is_read_from_standard_input(terminal: Terminal) -> None:
    done = typed(terminal, f"{GOOD_PASSWORD}\n", "users", "activate", "ada", "--password-stdin")
    assert done.returncode == 0, done.stderr
    assert rows(terminal, USERS) == [("ACTIVATED", 1, 0)]
    again = terminal.run("users", "activate", "ada@example.com")
    assert (again.returncode, "has a password already" in again.stderr) == (1, True)
    assert terminal.run("users", "expire", "ada@example.com").returncode == 0
    assert rows(terminal, USERS) == [("ACTIVATED", 1, 1)]
    for command in ("unlock", "reset-mfa"):
        assert terminal.run("users", command, "ada@example.com").returncode == 0


def test_a_weak_password_is_refused(terminal: Terminal) -> None:
    done = typed(terminal, "password\n", "users", "activate", "ada", "--password-stdin")
    assert done.returncode == 2
    assert rows(terminal, "SELECT count(*) FROM accounts_account") == [(0,)]


def test_without_a_mail_server_nothing_is_sent(terminal: Terminal) -> None:
    done = terminal.run("users", "activate", "ada@example.com", "--send")
    assert (done.returncode, "ROLLCALL_SMTP_URL" in done.stderr) == (2, True)


def test_nobody_by_this_name(terminal: Terminal) -> None:
    for command in ("activate", "unlock", "expire", "reset-mfa"):
        assert terminal.run("users", command, "nobody@example.com").returncode == 2
