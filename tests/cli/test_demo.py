"""`rollcall demo` shows the whole road with an invented company, and may be run again."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.terminal import ROLLCALL, Terminal

pytestmark = pytest.mark.slow


def test_the_demo_fills_a_directory_and_changes_nothing_the_second_time(terminal: Terminal) -> None:
    first = terminal.run("demo", "--no-serve")
    assert first.returncode == 0, first.stderr
    assert "Importing 250 invented employees" in first.stdout
    second = terminal.run("demo", "--no-serve")
    assert second.returncode == 0, second.stderr
    assert counts(first.stdout)["Created"] == counts(second.stdout)["Unchanged"] > 200
    assert counts(second.stdout)["Created"] == counts(second.stdout)["Updated"] == 0
    for done in (first, second):
        found = counts(done.stdout)
        assert found.pop("Fetched") == 250 == sum(found.values())


def test_later_commands_find_what_the_demo_made_by_the_line_that_it_prints(
    tmp_path: Path,
) -> None:
    shell = Terminal(tmp_path, {"ROLLCALL_DATABASE_URL": "sqlite:///elsewhere.db"})
    printed = shell.run("demo", "--no-serve", "--people", "40").stdout
    lines = re.findall(r"^  ((?:export|unset) .*)$", printed, re.M)
    assert lines[0].startswith("export ROLLCALL_DATA_DIR=")
    command = "; ".join([*lines, f"cd /; {ROLLCALL} users --json"])
    done = subprocess.run(
        ["/bin/sh", "-c", command],
        env=shell.environment(),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert len(done.stdout.splitlines()) >= 30


def test_the_demo_leaves_nothing_but_its_data_and_takes_nobodys_settings(tmp_path: Path) -> None:
    (tmp_path / "config" / "rollcall").mkdir(parents=True)
    own = tmp_path / "config" / "rollcall" / "rollcall.toml"
    own.write_text(f'database_url = "sqlite:///{tmp_path}/own.db"', encoding="utf-8")
    here = tmp_path / "here"
    here.mkdir()
    shell = Terminal(here, {"XDG_CONFIG_HOME": str(tmp_path / "config")})
    done = shell.run("demo", "--no-serve", "--people", "5")
    assert done.returncode == 0, done.stderr
    assert [file.name for file in here.iterdir()] == ["data"]
    assert not (tmp_path / "own.db").exists()


def counts(text: str) -> dict[str, int]:
    """The numbers of the result table."""
    return {name: int(number) for name, number in re.findall(r"│ (\w+)\s+│\s+(\d+) │", text)}
