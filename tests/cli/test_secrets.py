"""`rollcall secrets`: the keys that seal stored secrets are rotated from the terminal."""

from __future__ import annotations

import pytest
from cryptography.fernet import Fernet

from tests.terminal import Terminal


def test_a_rotation_is_two_commands_and_leaves_one_new_key(terminal: Terminal) -> None:
    keys = terminal.folder / "sealing.key"
    old = Fernet.generate_key().decode()
    keys.write_text(old + "\n")
    first = terminal.run("secrets", "rotate")
    assert first.returncode == 0, first.stderr
    assert "forget-old" in first.stdout
    new, kept = keys.read_text().split()
    assert kept == old
    last = terminal.run("secrets", "forget-old")
    assert last.returncode == 0, last.stderr
    assert keys.read_text().split() == [new]


@pytest.mark.parametrize("command", ["rotate", "forget-old"])
def test_damaged_keys_are_one_line_and_stay_as_they_are(terminal: Terminal, command: str) -> None:
    keys = terminal.folder / "sealing.key"
    keys.write_text("no key\n")
    done = terminal.run("secrets", command)
    assert done.returncode == 2, done.stderr
    assert done.stderr.startswith("rollcall: sealing.key in the data folder is damaged")
    assert keys.read_text() == "no key\n"
