"""What the next command does about an import that was interrupted."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.terminal import Terminal, sandbox

PEOPLE = 3000
NEWEST = "SELECT state FROM imports_run ORDER BY number DESC LIMIT 1"
WRITING = ("applying", "linking")
READING = ("fetching", "planning")


@pytest.fixture(scope="module")
def company() -> Iterator[dict[str, str]]:
    """A company that takes a moment to import, without peculiar people."""
    with sandbox("--people", str(PEOPLE), "--no-peculiarities") as settings:
        yield settings


def killed(shell: Terminal, states: tuple[str, ...], *words: str) -> None:
    """Start a command and kill it as soon as its run is in one of these states."""
    shell.users()  # makes the database
    process = shell.start(*words)
    database = closing(sqlite3.connect(f"file:{shell.folder / 'rollcall.db'}?mode=ro", uri=True))
    with database as connection:
        while connection.execute(NEWEST).fetchone() not in {(state,) for state in states}:
            assert process.poll() is None, "it had ended before"
            time.sleep(0.005)
    process.kill()
    process.communicate()


def test_an_import_finishes_the_interrupted_one_first_and_then_makes_the_new_one(
    terminal: Terminal, company: dict[str, str]
) -> None:
    shell = terminal.with_settings(**company)
    killed(shell, WRITING, "import")
    done = shell.run("import", "--json")
    assert done.returncode == 0, done.stderr
    assert "Going on with run 1, which was interrupted." in done.stderr
    second, first = shell.json("runs")
    assert [first["state"], second["state"]] == ["completed", "completed"]
    assert first["created"] == second["unchanged"] > 0.8 * PEOPLE
    assert f'"run": {second["run"]}' in done.stdout


def test_a_plan_does_not_carry_on_an_import_that_was_writing(
    terminal: Terminal, company: dict[str, str]
) -> None:
    shell = terminal.with_settings(**company)
    killed(shell, WRITING, "import")
    before = len(shell.users())
    done = shell.run("plan")
    assert done.returncode == 2
    assert "rollcall import" in done.stderr.splitlines()[-1]
    assert len(shell.users()) == before
    assert [run["run"] for run in shell.json("runs")] == [1]


def test_a_plan_takes_the_place_of_an_import_that_had_written_nothing_yet(
    terminal: Terminal, company: dict[str, str]
) -> None:
    shell = terminal.with_settings(**company)
    killed(shell, READING, "import")
    planned = shell.json("plan", status=[0])
    assert planned["run"] == 2
    assert planned["state"] == "review"
    assert shell.users() == []
    assert [run["state"] for run in shell.json("runs")] == ["review", "cancelled"]


def test_a_plan_whose_carrying_out_was_interrupted_is_finished_by_the_same_command(
    terminal: Terminal, company: dict[str, str]
) -> None:
    shell = terminal.with_settings(**company)
    planned = shell.json("plan", status=[0])
    killed(shell, WRITING, "import", "--run", "1")
    told = shell.json("import", "--run", "1", status=[0])
    assert told["run"] == 1
    assert told["created"] == planned["created"]
    assert told["state"] == "completed"
