"""Several commands that find no database yet, at the same moment."""

from __future__ import annotations

from tests.terminal import Terminal


def test_commands_that_start_at_once_in_an_empty_folder_make_one_database(
    terminal: Terminal,
) -> None:
    processes = [terminal.start("users") for _ in range(3)]
    for process in processes:
        process.communicate(timeout=120)
    assert [process.returncode for process in processes] == [0, 0, 0]
