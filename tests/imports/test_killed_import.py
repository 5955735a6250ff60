"""An import that is killed at any moment is finished by the next one, as if nothing had been."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.postgresql import Cluster
from tests.terminal import Terminal, people, sandbox

PEOPLE = "5000"
MOMENTS = 20

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def personio() -> Iterator[dict[str, str]]:
    """A company of 5,000 people."""
    with sandbox("--people", PEOPLE) as settings:
        yield settings


def undisturbed(terminal: Terminal) -> tuple[list[dict[str, Any]], dict[str, int], float]:
    """The directory and the counts after an import that nobody disturbs, and how long it took."""
    began = time.monotonic()
    result = terminal.json("import")
    return people(terminal), result["counts"], time.monotonic() - began


def killed_and_started_again(terminal: Terminal, after: float) -> tuple[Any, dict[str, int]]:
    """The directory and the counts after an import was killed `after` seconds and run again."""
    process = terminal.start("import")
    time.sleep(after)
    process.kill()
    process.communicate()
    terminal.json("import")
    runs = terminal.json("runs")
    assert [run["state"] for run in runs] == ["completed"] * len(runs)
    first = runs[-1]
    assert sum(first["counts"].values()) == first["fetched"]
    return people(terminal), first["counts"]


def each_moment_ends_the_same(make: Iterator[Terminal]) -> None:
    """Kill an import at twenty moments spread over its time; each ends as the undisturbed one."""
    directory, counts, seconds = undisturbed(next(make))
    assert counts["created"] > 4000
    for moment in range(MOMENTS):
        after = seconds * (moment + 0.5) / MOMENTS
        again, counts_again = killed_and_started_again(next(make), after)
        assert again == directory, f"killed after {after:.2f} s of {seconds:.2f} s"
        assert counts_again == counts


def test_killed_at_twenty_moments_it_ends_in_the_same_directory_on_sqlite(
    personio: dict[str, str], tmp_path: Path
) -> None:
    def terminals() -> Iterator[Terminal]:
        for number in range(MOMENTS + 1):
            folder = tmp_path / str(number)
            folder.mkdir()
            yield Terminal(folder, personio)

    each_moment_ends_the_same(terminals())


@pytest.mark.postgres
def test_killed_at_twenty_moments_it_ends_in_the_same_directory_on_postgresql(
    personio: dict[str, str], tmp_path: Path, postgres_url: str
) -> None:
    def terminals() -> Iterator[Terminal]:
        for number in range(MOMENTS + 1):
            folder = tmp_path / str(number)
            folder.mkdir()
            url = Cluster.create_database(postgres_url, f"killed_{number}")
            yield Terminal(folder, {**personio, "ROLLCALL_DATABASE_URL": url})

    each_moment_ends_the_same(terminals())
