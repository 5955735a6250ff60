"""An import that is killed at any moment is finished by the next one, as if nothing had been."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.postgresql import Cluster
from tests.terminal import Terminal, sandbox

PEOPLE = 2500
MOMENTS = 20
WITHOUT_TABLES = 5
"""Every fifth is killed before or after it made the tables; the others find them made."""
LEAST_STATES = 3
"""The kills must hit at least so many different states of a run."""

USERS = """
SELECT u.username, u.email, u.firstname, u.lastname, u.state, own.external_id, u."jobTitle",
       u."employeeType", u.company, u.location, u.department, u."costCenter", boss.external_id
FROM directory_user u JOIN directory_externalidentity own ON own.user_id = u.id
LEFT JOIN directory_externalidentity boss ON boss.user_id = u.manager_id
ORDER BY own.external_id
"""
RUNS = "SELECT state, fetched, error FROM imports_run ORDER BY number"
RESULTS = """
SELECT result, count(*) FROM imports_changerecord
WHERE run_id = (SELECT id FROM imports_run WHERE number = 1) GROUP BY result ORDER BY result
"""
LATEST = "SELECT state FROM imports_run ORDER BY number DESC LIMIT 1"

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Place:
    """A terminal with a data folder and a database of its own, and a look into that database."""

    terminal: Terminal
    url: str

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What the query finds in the installation's database."""
        if self.url:
            with psycopg.connect(self.url) as server:
                return server.execute(query.encode()).fetchall()
        file = sqlite3.connect(self.terminal.folder / "rollcall.db")
        try:
            return file.execute(query).fetchall()
        finally:
            file.close()


@pytest.fixture(scope="module")
def personio() -> Iterator[dict[str, str]]:
    """A company of 2,500 people."""
    with sandbox("--people", str(PEOPLE)) as settings:
        yield settings


@dataclass(frozen=True)
class End:
    """How an installation stands after its imports."""

    users: list[tuple[Any, ...]]
    results: list[tuple[Any, ...]]

    @classmethod
    def of(cls, place: Place) -> End:
        """The directory, and how everybody came out of the first run."""
        return cls(place.rows(USERS), place.rows(RESULTS))


def finished(place: Place) -> None:
    """Import once more, to the end; every run is completed and accounts for everybody."""
    done = place.terminal.run("import")
    assert done.returncode == 1, done.stderr  # some of the invented people are in conflict
    runs = place.rows(RUNS)
    assert {state for state, _, _ in runs} == {"completed"}, runs
    counted = sum(number for _, number in place.rows(RESULTS))
    assert counted == runs[0][1] == PEOPLE


def killed(place: Place, after: float) -> str:
    """Kill an import `after` seconds; the state that its run was in."""
    process = place.terminal.start("import")
    time.sleep(after)
    process.kill()
    process.communicate()
    found = place.rows(LATEST) if database_is_there(place) else []
    return str(found[0][0]) if found else "not begun"


def database_is_there(place: Place) -> bool:
    """Whether the killed process came as far as making the tables."""
    try:
        place.rows(LATEST)
    except (sqlite3.OperationalError, psycopg.errors.UndefinedTable):
        return False
    return True


def each_moment_ends_the_same(places: Iterator[Place]) -> None:
    """Kill an import at twenty moments spread over its time; each ends as the undisturbed one."""
    undisturbed = next(places)
    began = time.monotonic()
    finished(undisturbed)
    seconds = time.monotonic() - began
    wanted = End.of(undisturbed)
    assert len(wanted.users) > PEOPLE * 0.8
    hit = []
    for moment in range(MOMENTS):
        place = next(places)
        after = seconds * (moment + 0.5) / MOMENTS
        hit.append(killed(place, after))
        finished(place)
        ended = End.of(place)
        assert ended.results == wanted.results, (after, seconds, hit)
        assert ended.users == wanted.users, (after, seconds, hit)
    assert len(set(hit) - {"not begun", "completed"}) >= LEAST_STATES, hit


@pytest.mark.xdist_group("killed on sqlite")
def test_killed_at_twenty_moments_it_ends_in_the_same_directory_on_sqlite(
    personio: dict[str, str], tmp_path: Path, made: Path
) -> None:
    def places() -> Iterator[Place]:
        for number, folder in enumerate(folders(tmp_path)):
            if number % WITHOUT_TABLES == 1:
                yield Place(Terminal(folder, personio), "")
            else:
                yield Place(Terminal.prepared(folder, made, personio), "")

    each_moment_ends_the_same(places())


@pytest.mark.postgres
@pytest.mark.xdist_group("killed on postgresql")
def test_killed_at_twenty_moments_it_ends_in_the_same_directory_on_postgresql(
    personio: dict[str, str], tmp_path: Path, postgres_url: str
) -> None:
    (tmp_path / "made").mkdir()
    made = Cluster.create_database(postgres_url, "made")
    Terminal(tmp_path / "made", {"ROLLCALL_DATABASE_URL": made}).users()

    def places() -> Iterator[Place]:
        for number, folder in enumerate(folders(tmp_path)):
            if number % WITHOUT_TABLES == 1:
                url = Cluster.create_database(postgres_url, f"killed_{number}")
                yield Place(Terminal(folder, personio | {"ROLLCALL_DATABASE_URL": url}), url)
            else:
                url = Cluster.create_database(postgres_url, f"killed_{number}", like="made")
                settings = personio | {"ROLLCALL_DATABASE_URL": url}
                yield Place(Terminal.prepared(folder, tmp_path / "made", settings), url)

    each_moment_ends_the_same(places())


def folders(above: Path) -> Iterator[Path]:
    """A new folder each time."""
    for number in range(MOMENTS + 1):
        folder = above / str(number)
        folder.mkdir()
        yield folder
