"""An installation in a folder of its own, and a look into its database from outside."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import IO, Any, TypeAlias, TypeVar

import psycopg

from tests.terminal import ROLLCALL, Terminal
from tests.waiting import seen_as

T = TypeVar("T")

QUICK: Mapping[str, str] = {
    "ROLLCALL_TAKE_OVER_AFTER": "4",
    "ROLLCALL_LONGEST_WAIT": "1",
    "ROLLCALL_DATABASE_TIMEOUT": "1",
}
"""The waits of an installation, in seconds instead of half minutes."""

PEOPLE = 2000
"""How large the company of most trials is."""

NOTICES = (
    b"Waiting for the database",
    b"the database cannot be used",
    b"could not write down that it lives",
)
"""What a terminal and a server say once they have met a database that cannot be used."""

PATIENCE = 150.0
"""Seconds that nothing in a trial takes, even on a machine that has much else to do."""

AT_WORK = ("fetching", "planning", "applying", "linking")
LATEST = "SELECT state FROM imports_run ORDER BY number DESC LIMIT 1"
HOLDER = "SELECT executor FROM imports_run ORDER BY number DESC LIMIT 1"
RUNS = "SELECT state, fetched, error FROM imports_run ORDER BY number"
ACCOUNTED = """
SELECT count(*) FROM imports_changerecord
WHERE result <> '' AND run_id = (SELECT id FROM imports_run ORDER BY number DESC LIMIT 1)
"""


Trouble: TypeAlias = Callable[[Callable[[], None]], None]
"""Causes a trouble and ends it; given what waits until it has been met."""


@dataclass(frozen=True)
class Place:
    """A terminal with a data folder and a database of its own; `url` is "" for SQLite."""

    terminal: Terminal
    url: str = ""

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What the query finds in the installation's database."""
        if self.url:
            with psycopg.connect(self.url) as server:
                return server.execute(query.encode()).fetchall()
        # Never the one that makes the file: a reader of nothing leaves an empty one behind.
        address = f"file:{self.terminal.folder / 'rollcall.db'}?mode=rw"
        with closing(sqlite3.connect(address, uri=True)) as file:
            return file.execute(query).fetchall()

    def state(self) -> str:
        """The state of the newest run; "" where there is none, or nobody can look just now."""
        try:
            found = self.rows(LATEST)
        except (sqlite3.Error, psycopg.Error):
            return ""
        return str(found[0][0]) if found else ""

    def holder(self) -> str:
        """The process that holds the newest run, by its name; "" for nobody."""
        return str(self.rows(HOLDER)[0][0])

    def reaches(self, *states: str) -> str:
        """Wait until the newest run is in one of these states; which one."""
        return str(until(self.state, lambda state: state in states))

    def accounts_for(self, people: int) -> None:
        """Assert that every run is completed, and that everybody in the newest has a result."""
        runs = self.rows(RUNS)
        assert [(state, error) for state, _, error in runs] == [("completed", "")] * len(runs)
        assert runs[-1][1] == people
        assert self.rows(ACCOUNTED) == [(people,)]


def until(look: Callable[[], T], wanted: Callable[[T], bool]) -> T:
    """What is seen once it is as wanted, waited for as long as a trial may take."""
    return seen_as(look, wanted, PATIENCE)


@dataclass(frozen=True)
class Started:
    """A `rollcall` that is running, and where what it says on standard error goes."""

    process: subprocess.Popen[bytes]
    said: IO[bytes]

    def ends(self) -> tuple[int, str]:
        """The exit status that it ends with by itself, and what it said."""
        status = self.process.wait(timeout=PATIENCE)
        return status, self._so_far().decode()

    def notices(self) -> None:
        """Wait until it has met a database that cannot be used, unless it has ended before."""
        until(
            lambda: self.process.poll() is not None or self._so_far(),
            lambda said: said is True or any(notice in said for notice in NOTICES),
        )

    def _so_far(self) -> bytes:
        size = os.fstat(self.said.fileno()).st_size
        return os.pread(self.said.fileno(), size, 0)  # the process writes at the file's own place


@contextmanager
def started(place: Place, *words: str, within: Sequence[str] = ()) -> Iterator[Started]:
    """`rollcall` with these words, running; whatever is left of it at the end is killed.

    `within` is the command that starts it where that is to be another one.
    """
    terminal = place.terminal
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            [*within, ROLLCALL, *words],
            cwd=terminal.folder,
            env=terminal.environment(),
            stdout=subprocess.DEVNULL,
            stderr=said,
        )
        try:
            yield Started(process, said)
        finally:
            process.kill()
            process.wait()


def interrupted(place: Place) -> None:
    """Begin an import, and kill it while it is at work."""
    with started(place, "import"):
        place.reaches(*AT_WORK)


def carried_through(place: Place, door: str, moment: str, trouble: Trouble) -> None:
    """Have an import reach this state by a door, then cause the trouble; it ends by itself."""
    if door == "terminal":
        with started(place, "import") as command:
            place.reaches(moment, "completed")
            trouble(command.notices)
            status, said = command.ends()
            assert status == 0, said
        return
    interrupted(place)
    killed = place.holder()
    with started(place, *door.split()) as server:
        until(place.holder, lambda holder: holder not in (killed, ""))
        place.reaches(moment, "completed")
        trouble(server.notices)
        place.reaches("completed", "failed")
