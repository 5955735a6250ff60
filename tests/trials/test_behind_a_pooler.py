"""Behind PgBouncer in transaction mode everything works: no session is anybody's own there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.postgresql import Cluster
from tests.terminal import Terminal
from tests.trials.place import PEOPLE, QUICK, Place, interrupted, started
from tests.trials.pooler import MISSING, PROGRAM, pooler
from tests.vendor_contracts import missing

pytestmark = [
    pytest.mark.slow,
    pytest.mark.postgres,
    pytest.mark.xdist_group("trials: pooler"),
]


@pytest.fixture(params=["", "ignore_startup_parameters = options"], ids=["refuses", "loses"])
def pooled(
    request: pytest.FixtureRequest, cluster: Cluster, tmp_path: Path, company: dict[str, str]
) -> Iterator[Place]:
    """An installation behind a pooler that refuses options of connections, or loses them."""
    if PROGRAM is None:
        missing(MISSING)
    name = f"pooled_{'loses' if request.param else 'refuses'}_{tmp_path.name}"
    own = Cluster.create_database(cluster.url("postgres"), name)
    with pooler(cluster, request.param) as port:
        url = f"postgresql://postgres@127.0.0.1:{port}/{name}"
        yield Place(Terminal(tmp_path, {**company, **QUICK, "ROLLCALL_DATABASE_URL": url}), own)


def test_an_import_that_was_killed_is_finished_and_a_worker_does_the_next(pooled: Place) -> None:
    interrupted(pooled)
    with started(pooled, "worker"):
        pooled.reaches("completed", "failed")
    pooled.accounts_for(PEOPLE)
    assert pooled.terminal.run("import").returncode == 0
    pooled.accounts_for(PEOPLE)
    assert len(pooled.terminal.users()) == pooled.rows("SELECT count(*) FROM directory_user")[0][0]
    # no lock of a session was left with the pooler, whichever process it was
    assert pooled.rows("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'") == [(0,)]
