"""`rollcall demo` shows the whole road with an invented company, and may be run again."""

from __future__ import annotations

import re

import pytest

from tests.terminal import Terminal

pytestmark = pytest.mark.slow


def test_the_demo_fills_a_directory_and_changes_nothing_the_second_time(terminal: Terminal) -> None:
    first = terminal.run("demo", "--no-serve")
    assert first.returncode == 0, first.stderr
    assert "Importing 250 invented employees" in first.stdout
    second = terminal.run("demo", "--no-serve")
    assert second.returncode == 0, second.stderr
    assert counts(first.stdout)["created"] == counts(second.stdout)["unchanged"] > 200
    assert counts(second.stdout)["created"] == counts(second.stdout)["updated"] == 0
    for done in (first, second):
        found = counts(done.stdout)
        assert found.pop("fetched") == 250 == sum(found.values())


def test_later_commands_in_the_folder_find_what_the_demo_made(terminal: Terminal) -> None:
    terminal.run("demo", "--no-serve", "--people", "40")
    shell = Terminal(terminal.folder, {"ROLLCALL_DATA_DIR": ""})
    assert len(shell.users()) >= 30


def counts(text: str) -> dict[str, int]:
    """The numbers of the result table."""
    return {name: int(number) for name, number in re.findall(r"│ (\w+)\s+│\s+(\d+) │", text)}
