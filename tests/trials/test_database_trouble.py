"""A database that cannot be written for a while holds an import up, and nothing more."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import psycopg
import pytest

from tests.postgresql import Cluster
from tests.terminal import Terminal, sandbox
from tests.trials.place import QUICK, Place, carried_through
from tests.vendor_contracts import missing

pytestmark = pytest.mark.slow

PEOPLE = 2000
AWAY_SECONDS = 6.0
"""How long the trouble lasts: many times the installation's own waits."""

DOORS = ("terminal", "worker", "serve --port 0")


def each(*moments: str) -> list[tuple[str, str]]:
    """Every door, with the moment at which the trouble begins there."""
    return list(zip(DOORS, moments, strict=True))


@pytest.fixture(scope="module")
def personio() -> Iterator[dict[str, str]]:
    """A company whose answers take a moment, so that a read has a middle."""
    calm = ("--no-peculiarities", "--fault", "timeout:0.5", "--timeout-delay", "0.5")
    with sandbox("--people", str(PEOPLE), *calm) as settings:
        yield settings


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


def fills(disk: Path) -> None:
    """Take all room that is left on the disk, for a while."""
    rest = disk / "rest"
    try:
        with rest.open("wb", buffering=0) as handle:
            while handle.write(b"\0" * 4096) == 4096:
                pass
    except OSError:
        pass
    time.sleep(AWAY_SECONDS)
    rest.unlink()


def is_locked(file: Path) -> None:
    """Hold the file's write lock for a while."""
    with closing(sqlite3.connect(file, timeout=60, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        time.sleep(AWAY_SECONDS)
        other.execute("ROLLBACK")


@pytest.mark.xdist_group("trials: full disk")
@pytest.mark.parametrize(("door", "moment"), each("fetching", "applying", "fetching"))
def test_a_disk_that_is_full_for_a_while_ends_no_import(
    personio: dict[str, str], small_disk: Path, door: str, moment: str
) -> None:
    place = Place(Terminal(small_disk, {**personio, **QUICK}))
    carried_through(place, door, moment, partial(fills, small_disk))
    place.accounts_for(PEOPLE)


@pytest.mark.xdist_group("trials: locked file")
@pytest.mark.parametrize(("door", "moment"), each("fetching", "fetching", "applying"))
def test_a_file_that_is_locked_for_a_while_ends_no_import(
    personio: dict[str, str], tmp_path: Path, door: str, moment: str
) -> None:
    place = Place(Terminal(tmp_path, {**personio, **QUICK}))
    carried_through(place, door, moment, partial(is_locked, tmp_path / "rollcall.db"))
    place.accounts_for(PEOPLE)


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """A server of our own, which nobody else misses while it is away."""
    cluster = Cluster.start_if_possible()
    if cluster is None:
        missing("PostgreSQL's server programs are not on this machine")
        raise AssertionError
    yield cluster
    cluster.stop()


def on(cluster: Cluster, folder: Path, personio: dict[str, str]) -> Place:
    """An installation on a new database of the server."""
    url = Cluster.create_database(cluster.url("postgres"), folder.name)
    return Place(Terminal(folder, {**personio, **QUICK, "ROLLCALL_DATABASE_URL": url}), url)


def is_read_only(cluster: Cluster) -> None:
    """Let nobody write anything on the server for a while."""
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as server:
        server.execute("ALTER SYSTEM SET default_transaction_read_only = on")
        server.execute("SELECT pg_reload_conf()")
        time.sleep(AWAY_SECONDS)
        server.execute("ALTER SYSTEM RESET default_transaction_read_only")
        server.execute("SELECT pg_reload_conf()")


@pytest.mark.postgres
@pytest.mark.xdist_group("trials: postgresql")
@pytest.mark.parametrize(("door", "moment"), each("fetching", "applying", "fetching"))
def test_a_server_that_is_read_only_for_a_while_ends_no_import(
    personio: dict[str, str], tmp_path: Path, cluster: Cluster, door: str, moment: str
) -> None:
    place = on(cluster, tmp_path, personio)
    carried_through(place, door, moment, partial(is_read_only, cluster))
    place.accounts_for(PEOPLE)


@pytest.mark.postgres
@pytest.mark.xdist_group("trials: postgresql")
@pytest.mark.parametrize("moment", ["fetching", "applying"])
def test_the_terminal_follows_an_import_over_a_restart_of_the_server(
    personio: dict[str, str], tmp_path: Path, cluster: Cluster, moment: str
) -> None:
    place = on(cluster, tmp_path, personio)
    carried_through(place, "terminal", moment, cluster.restart)
    place.accounts_for(PEOPLE)
