"""The machinery that carries runs out, for as long as a test lasts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from rollcall.imports import open_targets
from rollcall.jobs import engine


@pytest.fixture
def carrying_out(transactional_db: None) -> Iterator[None]:
    """This process carries out the runs that it begins, as `rollcall import` does."""
    with engine.running(queue=engine.own_queue()):
        yield


@pytest.fixture(autouse=True)
def nothing_stays_open() -> Iterator[None]:
    """A test that leaves a run in the middle does not leave its directory open."""
    yield
    for run_id in list(open_targets._open):
        open_targets.close(run_id)
