"""Stand-in Personio accounts in processes of their own, and terminals that start from nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.terminal import Terminal, sandbox

PEOPLE = 120


@pytest.fixture(scope="session")
def personio() -> Iterator[dict[str, str]]:
    """A company whose people are all in order."""
    with sandbox("--people", str(PEOPLE), "--no-peculiarities") as settings:
        yield settings


@pytest.fixture(scope="session")
def peculiar() -> Iterator[dict[str, str]]:
    """A company with people who lack an e-mail or share one, and the like."""
    with sandbox("--people", str(PEOPLE)) as settings:
        yield settings


@pytest.fixture(scope="session")
def imported(personio: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Terminal:
    """A terminal whose directory holds the orderly company; tests only look at it."""
    terminal = Terminal(tmp_path_factory.mktemp("imported"), personio)
    done = terminal.run("import")
    assert done.returncode == 0, done.stderr
    return terminal


@pytest.fixture
def terminal(tmp_path: Path, made: Path) -> Terminal:
    """A terminal with a data folder that nobody is in yet, and no settings."""
    return Terminal.prepared(tmp_path, made, {})


@pytest.fixture
def empty_terminal(tmp_path: Path) -> Terminal:
    """A terminal with an empty data folder and no settings."""
    return Terminal(tmp_path)
