"""A command loads what it needs to answer, and nothing else."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.terminal import Terminal

LOADED = """
import json, sys
from rollcall.__main__ import run
try:
    run()
except SystemExit as end:
    print(json.dumps([end.code, sorted({name for name in sys.modules})]))
"""
HEAVY = {"dbos", "httpx", "ninja", "sqlalchemy", "starlette", "uvicorn", "rollcall.sandbox"}


def loaded(terminal: Terminal, *words: str) -> set[str]:
    """The modules that are loaded when this command is done."""
    done = subprocess.run(
        [sys.executable, "-c", LOADED, *words],
        cwd=terminal.folder,
        env=terminal.environment(),
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    status, modules = json.loads(done.stdout.splitlines()[-1])
    assert not status, done.stderr
    return set(modules)


@pytest.mark.parametrize("words", [["--help"], ["--version"]])
def test_help_and_version_load_no_room(terminal: Terminal, words: list[str]) -> None:
    modules = loaded(terminal, *words)
    assert not modules & {*HEAVY, "django", "pydantic", "rich", "rollcall.imports"}
    assert {name for name in modules if name.startswith("rollcall.")} == {
        "rollcall.__main__",
        "rollcall.cli",
        "rollcall.cli.loading",
        "rollcall.cli.main",
    }


def test_a_commands_own_help_loads_neither_the_portal_nor_the_engine(terminal: Terminal) -> None:
    assert not loaded(terminal, "import", "--help") & {*HEAVY, "rollcall.web.shell"}


def test_listing_users_loads_neither_the_engine_nor_a_client_nor_the_api(
    terminal: Terminal,
) -> None:
    assert not loaded(terminal, "users") & HEAVY
    assert not loaded(terminal, "users") & HEAVY  # now that the tables are there
