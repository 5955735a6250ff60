"""`rollcall backup` and `rollcall restore` are noted in the audit log, on both sides."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.terminal import Terminal


def actions(folder: Path) -> list[str]:
    """What the audit log of this installation calls what happened there."""
    with closing(sqlite3.connect(folder / "rollcall.db")) as file:
        return [row[0] for row in file.execute("SELECT action FROM audit_event ORDER BY id")]


def test_both_are_recorded_and_nobody_stays_signed_in(tmp_path: Path) -> None:
    here, there = Terminal(tmp_path / "here"), Terminal(tmp_path / "there")
    for terminal in (here, there):
        terminal.folder.mkdir()
    file = tmp_path / "all.backup"
    assert here.run("users").returncode == 0
    session = "INSERT INTO django_session VALUES ('abc', 'x', '2099-01-01 00:00:00')"
    with closing(sqlite3.connect(here.folder / "rollcall.db", isolation_level=None)) as database:
        database.execute(session)
    done = here.run("backup", str(file))
    assert done.returncode == 0, done.stderr
    assert "sealing.key" in done.stdout
    assert actions(here.folder)[-1] == "data.backup"
    # no key of its own yet: nothing in the backup is sealed with one of this folder
    assert there.run("restore", str(file)).returncode in (0, 1)
    assert actions(there.folder)[-2:] == ["data.backup", "data.restore"]
    with closing(sqlite3.connect(there.folder / "rollcall.db")) as database:
        assert database.execute("SELECT count(*) FROM django_session").fetchone() == (0,)


def test_what_is_no_backup_is_refused(tmp_path: Path) -> None:
    terminal, file = Terminal(tmp_path), tmp_path / "holiday.jpg"
    file.write_bytes(b"no backup at all")
    refused = terminal.run("restore", str(file))
    assert refused.returncode == 2
    assert "is no backup, or is damaged" in refused.stderr
    assert not (tmp_path / "rollcall.db").exists()


def test_a_file_that_is_not_there_is_told_before_what_it_would_replace(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    people = tmp_path / "people.csv"
    people.write_text("id,email\n1,ada@example.org\n")
    assert terminal.run("import", "--source", "csv", str(people)).returncode == 0
    for words in ((), ("--replace",)):
        refused = terminal.run("restore", "gone.backup", *words)
        assert (refused.returncode, refused.stdout) == (2, "")
        assert refused.stderr.strip() == "rollcall: there is no file gone.backup"
    folder = terminal.run("restore", str(tmp_path), "--replace")
    assert folder.returncode == 2
    assert "cannot be read: Is a directory" in folder.stderr
    held = tmp_path / "held.backup"
    held.write_bytes(b"whatever")
    refused = terminal.run("restore", str(held))
    assert "this installation holds 1 user: say --replace" in refused.stderr
