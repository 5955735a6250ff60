"""The tables are made by whichever command comes first, even where that one is killed at it."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.postgresql import Cluster
from tests.terminal import Terminal


@pytest.mark.postgres
@pytest.mark.slow
def test_a_command_after_one_that_was_killed_while_it_made_the_tables_finds_them_whole(
    tmp_path: Path, postgres_url: str
) -> None:
    for number in range(6):
        url = Cluster.create_database(postgres_url, f"tables_{number}")
        terminal = Terminal(tmp_path, {"ROLLCALL_DATABASE_URL": url})
        first = terminal.start("users")
        time.sleep(0.9 + number * 0.15)
        first.kill()
        first.communicate()
        done = terminal.run("users", "--json")
        assert (done.returncode, done.stdout) == (0, ""), done.stderr


@pytest.mark.postgres
def test_commands_that_start_at_once_make_one_database(tmp_path: Path, postgres_url: str) -> None:
    url = Cluster.create_database(postgres_url, "at_once")
    terminal = Terminal(tmp_path, {"ROLLCALL_DATABASE_URL": url})
    processes = [terminal.start("users") for _ in range(3)]
    ended = [process.communicate() and process.returncode for process in processes]
    assert ended == [0, 0, 0]
