"""What an upgrade of Rollcall does to imports that an older version had under way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from rollcall.imports.models import Run
from tests.imports.world import accounted

pytestmark = pytest.mark.django_db(transaction=True)

BEFORE = [("imports", "0003_long_employee_ids")]


@pytest.fixture
def older() -> Iterator[Any]:
    """The tables and models of the version before batches were kept by their bounds."""
    executor = MigrationExecutor(connection)
    yield executor.migrate(BEFORE).apps
    upgrade()


def upgrade() -> None:
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


def test_an_import_that_was_being_written_ends_with_everybody_accounted_for(older: Any) -> None:
    half_done = under_way(older, "applying")
    add_changes(older, half_done, ["created", ""])
    upgrade()
    run = Run.objects.get(pk=half_done.pk)
    assert (run.state, run.error_code) == ("failed", "internal")
    assert "start it again" in run.error
    assert run.counts == {"created": 1, "failed": 1}
    accounted(run)


def test_an_import_that_was_still_reading_goes_on(older: Any) -> None:
    reading = under_way(older, "fetching")
    upgrade()
    assert Run.objects.get(pk=reading.pk).state == "fetching"


def under_way(older: Any, state: str, url: str = "http://127.0.0.1:9") -> Any:
    """A run of the older version that is in this state."""
    account = older.get_model("imports", "Connection").objects.create(name="A", personio_url=url)
    runs = older.get_model("imports", "Run").objects
    return runs.create(
        number=runs.count() + 1, connection=account, lane=url, state=state, fetched=2
    )


def add_changes(older: Any, run: Any, results: list[str]) -> None:
    """A change of the run for each of these results."""
    for seq, result in enumerate(results):
        older.get_model("imports", "ChangeRecord").objects.create(
            run=run, seq=seq, employee_id=str(seq), kind="create", reason={}, result=result
        )
