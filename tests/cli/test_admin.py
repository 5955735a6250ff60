"""`rollcall admin`: somebody is let in from the terminal, and the locked-out are let in again."""

from __future__ import annotations

import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from tests.terminal import ROLLCALL, Terminal

GOOD_PASSWORD = "a quiet river in may"
ROLES = (
    "SELECT email, role FROM accounts_account"
    " JOIN accounts_accountrole ON accounts_accountrole.account_id = accounts_account.id"
)


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    return Terminal(tmp_path)


def typed(terminal: Terminal, text: str, *words: str) -> subprocess.CompletedProcess[str]:
    """Run `rollcall` with this text piped in."""
    return subprocess.run(
        [ROLLCALL, *words],
        cwd=terminal.folder,
        env=terminal.environment(),
        input=text,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def rows(terminal: Terminal, statement: str) -> list[tuple[object, ...]]:
    """What a statement finds in the terminal's database."""
    [file] = [*terminal.folder.glob("*.db"), *terminal.folder.glob("*.sqlite3")][:1]
    with closing(sqlite3.connect(file)) as database:
        return [tuple(row) for row in database.execute(statement)]


def test_somebody_new_gets_a_one_time_link(terminal: Terminal) -> None:
    done = terminal.run("admin", "create", "Ines@example.com", "--role", "manager")
    assert done.returncode == 0, done.stderr
    assert "/set-password/" in done.stdout
    assert rows(terminal, ROLES) == [("ines@example.com", "manager")]
    [(action, door)] = rows(terminal, "SELECT action, door FROM audit_event")
    assert (action, door) == ("administrator.create", "cli")


def test_the_link_leads_to_the_portals_own_address(terminal: Terminal) -> None:
    at_home = terminal.with_settings(ROLLCALL_BASE_URL="https://people.example")
    done = at_home.run("admin", "create", "ines@example.com")
    assert "https://people.example/set-password/" in done.stdout
    assert done.stderr == ""


def test_a_password_is_read_and_never_an_argument(terminal: Terminal) -> None:
    done = typed(
        terminal, GOOD_PASSWORD + "\n", "admin", "create", "ines@example.com", "--password"
    )
    assert done.returncode == 0, done.stderr
    assert "set-password" not in done.stdout
    assert GOOD_PASSWORD not in done.stdout + done.stderr
    [(stored,)] = rows(terminal, "SELECT password FROM accounts_account")
    assert str(stored).startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")


def test_a_weak_password_lets_nobody_in(terminal: Terminal) -> None:
    done = typed(terminal, "secret\n", "admin", "create", "ines@example.com", "--password")
    assert done.returncode == 2
    assert "at least 12 characters" in done.stderr
    assert rows(terminal, "SELECT email FROM accounts_account") == []


def test_nobody_is_made_twice(terminal: Terminal) -> None:
    terminal.run("admin", "create", "ines@example.com")
    again = terminal.run("admin", "create", "INES@example.com")
    assert again.returncode == 2
    assert "rollcall admin reset" in again.stderr


@pytest.mark.parametrize("words", [("no-mail",), ("ines@example.com", "--role", "owner")])
def test_what_cannot_be_is_refused_in_one_line(terminal: Terminal, words: tuple[str, ...]) -> None:
    done = terminal.run("admin", "create", *words)
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1


def test_the_locked_out_get_a_new_link_and_the_old_password_ends(terminal: Terminal) -> None:
    typed(terminal, GOOD_PASSWORD + "\n", "admin", "create", "ines@example.com", "--password")
    done = terminal.run("admin", "reset", "Ines@example.com")
    assert done.returncode == 0, done.stderr
    assert "/set-password/" in done.stdout
    [(stored,)] = rows(terminal, "SELECT password FROM accounts_account")
    assert str(stored).startswith("!")


def test_nobody_unknown_is_reset(terminal: Terminal) -> None:
    done = terminal.run("admin", "reset", "nobody@example.com")
    assert done.returncode == 2
    assert "rollcall admin create" in done.stderr


def test_keys_are_made_and_listed(terminal: Terminal) -> None:
    made = terminal.json("keys", "create", "--name", "sync")
    [listed] = terminal.json("keys", "list")
    assert (listed["id"], listed["name"]) == (made["id"], "sync")


def test_administrators_are_listed_and_deleted_but_the_last(terminal: Terminal) -> None:
    for email, role in (("ines@example.com", "administrator"), ("ole@example.com", "manager")):
        terminal.run("admin", "create", email, "--role", role)
    listed = terminal.json("admin", "list")
    assert [(row["email"], row["roles"]) for row in listed] == [
        ("ines@example.com", ["administrator"]),
        ("ole@example.com", ["manager"]),
    ]
    last = terminal.run("admin", "delete", "ines@example.com")
    assert last.returncode == 2
    assert "last active administrator" in last.stderr
    assert terminal.run("admin", "delete", "ole@example.com").returncode == 0
    unknown = terminal.run("admin", "delete", "ole@example.com")
    assert unknown.returncode == 2
    assert "rollcall admin list" in unknown.stderr
    assert [row["email"] for row in terminal.json("admin", "list")] == ["ines@example.com"]


def test_revoking_a_key_that_is_none_is_wrong_usage(terminal: Terminal) -> None:
    done = terminal.run("keys", "revoke", "payroll")
    assert done.returncode == 2
    assert done.stderr.startswith("rollcall: no key that works has that id or name")
    for _ in range(2):
        terminal.run("keys", "create", "--name", "payroll")
    assert "several keys" in terminal.run("keys", "revoke", "payroll").stderr
    named = terminal.json("keys", "list")[0]["id"]
    assert terminal.run("keys", "revoke", named).returncode == 0


def test_reading_out_administrators_and_keys_leaves_an_event(terminal: Terminal) -> None:
    terminal.run("admin", "list")
    terminal.run("keys", "list")
    events = rows(terminal, "SELECT action, target_name, door FROM audit_event ORDER BY id")
    assert events == [
        ("data.export", "administrators", "cli"),
        ("data.export", "api keys", "cli"),
    ]


def test_a_link_leads_to_the_portal_that_runs(terminal: Terminal) -> None:
    with terminal.start("serve", "--port", "0", "--no-worker") as serving:
        assert serving.stdout is not None
        address = serving.stdout.readline().split()[3]
        assert address.startswith("http://localhost:")
        done = terminal.run("admin", "create", "ines@example.com")
        serving.terminate()
    assert f"{address}/set-password/" in done.stdout
    again = terminal.run("admin", "reset", "ines@example.com")
    assert "http://localhost:8000/set-password/" in again.stdout
    assert "ROLLCALL_BASE_URL" in again.stderr
