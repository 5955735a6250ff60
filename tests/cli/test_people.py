"""`rollcall people` finds, gives out and erases somebody, and leaves nothing in the files."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from tests.terminal import Terminal

CSV = "id,first_name,last_name,email,status\n{rows}"
PEOPLE = (
    "17,Ada,Lovelace,ada.lovelace@example.com,active\n"
    "18,Charles,Babbage,charles@example.com,active\n"
)


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    file = tmp_path / "people.csv"
    file.write_text(CSV.format(rows=PEOPLE))
    shell = Terminal(tmp_path)
    done = shell.run("import", "--source", "csv", str(file))
    assert done.returncode == 0, done.stderr + done.stdout
    file.unlink()
    return shell


def files_hold(terminal: Terminal, word: str) -> list[str]:
    return [
        file.name
        for file in terminal.folder.iterdir()
        if file.is_file() and word.encode() in file.read_bytes()
    ]


def test_somebody_is_found_given_out_and_erased(terminal: Terminal) -> None:
    assert files_hold(terminal, "Lovelace")
    (found,) = terminal.json("people", "find", "ada.lovelace@example.com", status=[0])
    assert found["records"]["users of the directory"]["directory.User"] == 1
    assert found["person"].startswith("user:")

    rows = terminal.run("people", "export", "17").stdout.splitlines()
    assert {json.loads(row)["model"] for row in rows} >= {"directory.User", "imports.ChangeRecord"}

    erased = terminal.run("people", "erase", found["person"], "--yes")
    assert erased.returncode == 0, erased.stderr
    assert "users of the directory: 2" in erased.stdout
    for word in ("Lovelace", "lovelace", "Ada"):
        assert files_hold(terminal, word) == []
    assert [user["lastname"] for user in terminal.users()] == ["Babbage"]
    assert terminal.run("people", "find", "ada.lovelace@example.com").returncode == 1
    told = terminal.run("people", "find", "17")
    assert told.returncode == 0
    assert ":17: erased on" in told.stdout
    assert terminal.run("audit", "verify").returncode == 0


def test_who_was_erased_is_left_out_and_let_in_again(terminal: Terminal) -> None:
    file = terminal.folder / "people.csv"
    file.write_text(CSV.format(rows=PEOPLE))
    terminal.run("people", "erase", "17", "--yes")
    run = terminal.run("import", "--source", "csv", str(file))
    assert run.returncode == 0, run.stderr
    assert "One person who was erased is still in" in " ".join(run.stdout.split())
    assert [user["lastname"] for user in terminal.users()] == ["Babbage"]
    # the line of the run that says so, and the tombstone
    line, grave = terminal.json("people", "find", "17", status=[0])
    assert line["records"] == {
        "imported employees": {"imports.StagedEmployee": 1, "imports.ChangeRecord": 1}
    }
    assert (grave["records"], grave["person"][-3:]) == ({}, ":17")
    assert "takes this person in again" in terminal.run("people", "readmit", "17").stdout
    told = terminal.run("people", "readmit", "17")
    assert (told.returncode, "nobody with this id was erased" in told.stderr) == (1, True)
    assert terminal.run("import", "--source", "csv", str(file)).returncode == 0
    assert {user["lastname"] for user in terminal.users()} == {"Babbage", "Lovelace"}


def test_nobody_is_erased_unless_the_question_is_answered(terminal: Terminal) -> None:
    refused = terminal.run("people", "erase", "17")
    assert refused.returncode == 1
    assert "Erase this person?" in refused.stdout + refused.stderr
    assert len(terminal.users()) == 2


def test_who_is_not_there_is_told(terminal: Terminal) -> None:
    for words in (("find",), ("export",), ("erase", "--yes")):
        told = terminal.run("people", words[0], "nobody.at.all", *words[1:])
        assert told.returncode == 1
        assert "nothing is kept of anybody who is called that" in told.stderr


def test_a_name_of_several_is_refused_with_what_tells_them_apart(terminal: Terminal) -> None:
    terminal.run("admin", "create", "ada.lovelace@example.com")
    told = terminal.run("people", "export", "ada.lovelace@example.com")
    assert told.returncode == 2
    assert "user:" in told.stderr
    assert "account:" in told.stderr
    last = terminal.run("people", "erase", "account:1", "--yes")
    assert last.returncode == 2
    assert "the last administrator" in last.stderr


def test_a_file_that_somebody_is_reading_is_told(terminal: Terminal) -> None:
    reader = sqlite3.connect(terminal.folder / "rollcall.db", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM directory_user").fetchone()
    hurried = terminal.with_settings(ROLLCALL_DATABASE_TIMEOUT="1")
    told = hurried.run("people", "erase", "17", "--yes")
    reader.close()
    assert told.returncode == 1
    assert "the person is erased, but the database's file still holds" in told.stderr


def test_who_may_not_be_erased_is_told_before_anybody_is_asked(terminal: Terminal) -> None:
    terminal.run("admin", "create", "boss@example.com")
    refused = terminal.run("people", "erase", "boss@example.com")
    assert refused.returncode == 2
    assert "the last administrator" in refused.stderr
    assert "Erase this person?" not in refused.stdout + refused.stderr
    file = terminal.folder / "people.csv"
    file.write_text(CSV.format(rows=PEOPLE.replace("Lovelace", "Byron")))
    terminal.run("plan", "--source", "csv", str(file))
    waiting = terminal.run("people", "erase", "17")
    assert waiting.returncode == 2
    assert "has not ended" in waiting.stderr
    assert "Erase this person?" not in waiting.stdout + waiting.stderr


def test_a_name_finds_those_who_have_it_however_it_is_written(terminal: Terminal) -> None:
    file = terminal.folder / "people.csv"
    file.write_text(CSV.format(rows=PEOPLE + "19,Özlem,Çelik,celik@example.com,active\n"))
    terminal.run("import", "--source", "csv", str(file))
    for words in ("ozlem", "ÇELİK", "ozlem celik"):
        found = terminal.run("people", "find", words)
        assert (found.returncode, "celik" in found.stdout) == (0, True), words
    refused = terminal.run("people", "erase", "ozlem", "--yes")
    assert refused.returncode == 1
    assert "`rollcall people find` tells who has a name like it" in refused.stderr
    assert len(terminal.users()) == 3
