"""Behind PgBouncer in transaction mode everything works: no session is anybody's own there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.postgresql import Cluster
from tests.terminal import Terminal, sandbox
from tests.trials.place import QUICK, Place, interrupted, started
from tests.trials.pooler import MISSING, PROGRAM, pooler
from tests.vendor_contracts import missing

pytestmark = [
    pytest.mark.slow,
    pytest.mark.postgres,
    pytest.mark.xdist_group("trials: pooler"),
]

PEOPLE = 1200


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """A server of our own."""
    if PROGRAM is None:
        missing(MISSING)
    cluster = Cluster.start_if_possible()
    assert cluster is not None
    yield cluster
    cluster.stop()


@pytest.fixture(params=["", "ignore_startup_parameters = options"], ids=["refuses", "loses"])
def place(request: pytest.FixtureRequest, cluster: Cluster, tmp_path: Path) -> Iterator[Place]:
    """An installation behind a pooler that refuses options of connections, or loses them."""
    name = f"pooled_{'loses' if request.param else 'refuses'}_{tmp_path.name}"
    own = Cluster.create_database(cluster.url("postgres"), name)
    with pooler(cluster, request.param) as port:
        url = f"postgresql://postgres@127.0.0.1:{port}/{name}"
        yield Place(Terminal(tmp_path, {**QUICK, "ROLLCALL_DATABASE_URL": url}), own)


def test_an_import_that_was_killed_is_finished_and_a_worker_does_the_next(place: Place) -> None:
    with sandbox("--people", str(PEOPLE), "--no-peculiarities") as settings:
        place = Place(place.terminal.with_settings(**settings), place.url)
        interrupted(place)
        with started(place, "worker"):
            place.reaches("completed", "failed")
        place.accounts_for(PEOPLE)
        assert place.terminal.run("import").returncode == 0
        place.accounts_for(PEOPLE)
    assert len(place.terminal.users()) == place.rows("SELECT count(*) FROM directory_user")[0][0]
    # no lock of a session was left with the pooler, whichever process it was
    held = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"
    with psycopg.connect(place.url) as server:
        assert server.execute(held).fetchone() == (0,)
