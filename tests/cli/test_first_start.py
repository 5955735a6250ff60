"""Several commands that find no database yet, at the same moment."""

from __future__ import annotations

from tests.terminal import Terminal


def test_commands_that_start_at_once_in_an_empty_folder_make_one_database(
    empty_terminal: Terminal,
) -> None:
    processes = [empty_terminal.start("users") for _ in range(3)]
    for process in processes:
        process.communicate(timeout=120)
    assert [process.returncode for process in processes] == [0, 0, 0]


def test_nobody_else_on_the_machine_can_read_what_is_stored(empty_terminal: Terminal) -> None:
    folder = empty_terminal.folder / "data"
    assert empty_terminal.with_settings(ROLLCALL_DATA_DIR=str(folder)).run("users").returncode == 0
    stored = [folder, *folder.rglob("*")]
    assert folder / "rollcall.db" in stored
    assert [one.name for one in stored if one.stat().st_mode & 0o077] == []
