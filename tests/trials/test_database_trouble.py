"""A database that cannot be written for a while holds an import up, and nothing more."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import psycopg
import pytest

from tests.postgresql import Cluster
from tests.terminal import Terminal
from tests.trials.place import PEOPLE, QUICK, Place, carried_through

pytestmark = pytest.mark.slow

AWAY_SECONDS = float(os.environ.get("TRIAL_SECONDS", "6"))
"""How much longer the trouble lasts once it is met: longer than a silent process is waited for."""

DOORS = ("terminal", "worker", "serve --port 0")


def each(*moments: str) -> list[tuple[str, str]]:
    """Every door, with the moment at which the trouble begins there."""
    return list(zip(DOORS, moments, strict=True))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own, of 48 MB."""
    if os.geteuid() != 0 or not shutil.which("mount"):
        pytest.skip("only root can mount a disk")
    disk = tmp_path / "disk"
    disk.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", str(disk)]
    if subprocess.run(words, check=False, capture_output=True).returncode:
        pytest.skip("this machine does not let a disk be mounted")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def lasts(met: Callable[[], None]) -> None:
    """Let the trouble be met, and go on: its length is what the trials are about."""
    met()
    time.sleep(AWAY_SECONDS)


def fills(disk: Path, met: Callable[[], None]) -> None:
    """Take all room that is left on the disk, for a while."""
    rest = disk / "rest"
    try:
        with rest.open("wb", buffering=0) as handle:
            while handle.write(b"\0" * 4096) == 4096:
                pass
    except OSError:
        pass
    lasts(met)
    rest.unlink()


def is_locked(file: Path, met: Callable[[], None]) -> None:
    """Hold the file's write lock for a while."""
    with closing(sqlite3.connect(file, timeout=60, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        lasts(met)
        other.execute("ROLLBACK")


@pytest.mark.xdist_group("trials: full disk")
@pytest.mark.parametrize(("door", "moment"), each("fetching", "applying", "fetching"))
def test_a_disk_that_is_full_for_a_while_ends_no_import(
    company: dict[str, str], small_disk: Path, door: str, moment: str
) -> None:
    place = Place(Terminal(small_disk, {**company, **QUICK}))
    carried_through(place, door, moment, partial(fills, small_disk))
    place.accounts_for(PEOPLE)


@pytest.mark.xdist_group("trials: locked file")
@pytest.mark.parametrize(("door", "moment"), each("fetching", "fetching", "applying"))
def test_a_file_that_is_locked_for_a_while_ends_no_import(
    on_sqlite: Place, door: str, moment: str
) -> None:
    file = on_sqlite.terminal.folder / "rollcall.db"
    carried_through(on_sqlite, door, moment, partial(is_locked, file))
    on_sqlite.accounts_for(PEOPLE)


def is_read_only(cluster: Cluster, met: Callable[[], None]) -> None:
    """Let nobody write anything on the server for a while."""
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as server:
        server.execute("ALTER SYSTEM SET default_transaction_read_only = on")
        server.execute("SELECT pg_reload_conf()")
        try:
            lasts(met)
        finally:
            server.execute("ALTER SYSTEM RESET default_transaction_read_only")
            server.execute("SELECT pg_reload_conf()")


@pytest.mark.postgres
@pytest.mark.xdist_group("trials: postgresql")
@pytest.mark.parametrize(("door", "moment"), each("fetching", "applying", "fetching"))
def test_a_server_that_is_read_only_for_a_while_ends_no_import(
    on_postgresql: Place, cluster: Cluster, door: str, moment: str
) -> None:
    carried_through(on_postgresql, door, moment, partial(is_read_only, cluster))
    on_postgresql.accounts_for(PEOPLE)


@pytest.mark.postgres
@pytest.mark.xdist_group("trials: postgresql")
@pytest.mark.parametrize("moment", ["fetching", "applying"])
def test_the_terminal_follows_an_import_over_a_restart_of_the_server(
    on_postgresql: Place, cluster: Cluster, moment: str
) -> None:
    carried_through(on_postgresql, "terminal", moment, lambda _: cluster.restart())
    on_postgresql.accounts_for(PEOPLE)
