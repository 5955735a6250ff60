"""Outputs that take no Unicode, are full or closed: no traceback, and JSON that can be read."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.terminal import ROLLCALL, Terminal


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    """A directory with somebody whose name is not ASCII."""
    shell = Terminal(tmp_path)
    people = "id,email,first_name\n1,lena@example.org,Lenä\n"
    (tmp_path / "people.csv").write_text(people, encoding="utf-8")
    shell.json("import", "--source", "csv", "people.csv", status=[0])
    return shell


def redirected(terminal: Terminal, words: str) -> subprocess.CompletedProcess[str]:
    """Run what a shell would be told: `users >/dev/full`."""
    return subprocess.run(
        ["/bin/sh", "-c", f"exec {ROLLCALL} {words}"],
        cwd=terminal.folder,
        env=terminal.environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )


def test_a_letter_that_the_output_cannot_show_ends_no_command(terminal: Terminal) -> None:
    ascii_only = terminal.with_settings(PYTHONIOENCODING="ascii")
    for words in (("users",), ("runs", "show", "1"), ("doctor", "--source", "csv", "people.csv")):
        done = ascii_only.run(*words)
        assert (done.returncode, done.stderr) == (0, ""), words
    wrong = ascii_only.run("plan", "--source", "csv", "nobödy.csv")
    assert wrong.returncode == 3
    assert "Traceback" not in wrong.stderr
    assert [user["firstname"] for user in ascii_only.users()] == ["Lenä"]
    run = json.loads(ascii_only.run("runs", "show", "1", "--json").stdout)
    assert run["changes"][0]["name"] == "Lenä"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
@pytest.mark.parametrize("words", ["users", "users --json", "runs show 1 --json", "--help"])
def test_an_output_that_is_full_is_told_in_one_line(terminal: Terminal, words: str) -> None:
    done = redirected(terminal, f"{words} >/dev/full")
    assert done.returncode == 2
    assert done.stderr == "rollcall: the output cannot be written: No space left on device\n"


def test_an_output_that_is_closed_keeps_nothing_from_being_done(terminal: Terminal) -> None:
    done = redirected(terminal, "import --source csv people.csv >&-")
    assert (done.returncode, "Traceback" in done.stderr) == (0, False)
