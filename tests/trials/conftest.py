"""What trials have in common: a company, a server of their own, and places on both engines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.postgresql import Cluster
from tests.terminal import Terminal, sandbox
from tests.trials.place import PEOPLE, QUICK, Place
from tests.vendor_contracts import missing


@pytest.fixture(scope="module")
def company() -> Iterator[dict[str, str]]:
    """A company whose answers take a moment, so that a read has a middle."""
    calm = ("--no-peculiarities", "--fault", "timeout:0.5", "--timeout-delay", "0.5")
    with sandbox("--people", str(PEOPLE), *calm) as settings:
        yield settings


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """A server of our own, which nobody else misses while it is away."""
    cluster = Cluster.start_if_possible()
    if cluster is None:
        missing("PostgreSQL's server programs are not on this machine")
        raise AssertionError
    yield cluster
    cluster.stop()


@pytest.fixture
def on_postgresql(cluster: Cluster, tmp_path: Path, company: dict[str, str]) -> Place:
    """An installation on a new database of the server."""
    url = Cluster.create_database(cluster.url("postgres"), tmp_path.name)
    return Place(Terminal(tmp_path, {**company, **QUICK, "ROLLCALL_DATABASE_URL": url}), url)


@pytest.fixture
def on_sqlite(tmp_path: Path, company: dict[str, str]) -> Place:
    """An installation on a file."""
    return Place(Terminal(tmp_path, {**company, **QUICK}))


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def place(request: pytest.FixtureRequest) -> Place:
    """An installation on each engine."""
    found: Place = request.getfixturevalue(f"on_{request.param}")
    return found
