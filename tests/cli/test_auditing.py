"""`rollcall audit` seals the log and tells whether it holds, as its exit status says."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.terminal import Terminal


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    shell = Terminal(tmp_path)
    for name in ("first", "second"):
        assert shell.run("keys", "create", "--name", name).returncode == 0
    return shell


def tamper(terminal: Terminal, statement: str) -> None:
    database = sqlite3.connect(terminal.folder / "rollcall.db")
    with database:
        database.execute(statement)
    database.close()


def test_the_log_is_sealed_and_holds(terminal: Terminal) -> None:
    before = terminal.run("audit", "verify")
    assert "Nothing is sealed yet." in before.stdout
    assert "2 events are not sealed yet" in before.stdout
    assert "2 events were sealed." in terminal.run("audit", "seal").stdout
    report = terminal.json("audit", "verify", status=[0])
    assert report["holds"] is True
    assert (report["events"], report["seals"], report["unsealed"]) == (2, 1, 0)
    kept = terminal.run("audit", "verify", "--known", report["end"])
    assert kept.returncode == 0
    assert f"End: {report['end']}" in kept.stdout


def test_a_change_ends_with_status_1_and_says_where(terminal: Terminal) -> None:
    terminal.run("audit", "seal")
    tamper(terminal, "UPDATE audit_event SET actor_name = 'somebody' WHERE id = 2")
    told = terminal.run("audit", "verify")
    assert told.returncode == 1
    assert "rollcall: the audit log does not hold: an event was changed" in told.stderr
    assert "(seal 1, event 2)" in told.stderr
    hole = terminal.json("audit", "verify", status=[1])["hole"]
    assert hole == {"kind": "changed", "seal": 1, "event": 2}


def test_who_deletes_events_with_all_seals_is_told_by_the_data_folder(terminal: Terminal) -> None:
    terminal.run("audit", "seal")
    tamper(terminal, "DELETE FROM audit_event")
    tamper(terminal, "DELETE FROM audit_seal")
    told = terminal.run("audit", "verify")
    assert told.returncode == 1
    assert "the end was removed, or the database is an older copy" in told.stderr


def test_an_end_that_is_none_is_wrong_usage(terminal: Terminal) -> None:
    told = terminal.run("audit", "verify", "--known", "nonsense")
    assert told.returncode == 2
    assert told.stderr.startswith("rollcall: an end of the chain is")
