"""A scheduled import starts by itself with the kept credentials, and tells who asked for it."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest
from dbos import DBOS

from rollcall.imports import schedule, source_accounts
from rollcall.imports.models import Connection, Run, RunState
from rollcall.jobs import engine
from rollcall.sandbox.company import Company
from rollcall.sandbox.credentials import Credentials
from rollcall.sandbox.server import create_app, running
from rollcall.sources.personio.account import Account
from tests.imports.world import ended

pytestmark = pytest.mark.django_db(transaction=True)


def kept(url: str) -> Connection:
    """A connection to the sandbox whose credentials are kept."""
    pair = Credentials.of_seed(1)
    account = Account(url, pair.client_id, pair.client_secret)
    return Connection.objects.create(
        name="Personio",
        source="personio",
        key=account.key,
        address=url,
        sealed_credentials=source_accounts.seal_account(account),
        schedule=Connection.Schedule.DAILY,
        schedule_at=time(5, 30),
    )


def its_time_comes(connection: Connection) -> None:
    """What DBOS does when a schedule's time has come."""
    DBOS.start_workflow(schedule.start_scheduled, datetime.now(UTC), connection.pk).get_result()


@pytest.mark.parametrize(
    ("every", "expected"),
    [("", None), ("hourly", "30 * * * *"), ("daily", "30 5 * * *"), ("weekly", "30 5 * * 1")],
)
def test_a_schedule_is_kept_as_cron(every: str, expected: str | None) -> None:
    connection = Connection(schedule=every, schedule_at=time(5, 30))
    assert schedule.cron(connection) == expected


def test_dbos_follows_the_schedule_that_is_stored() -> None:
    connection = kept("http://127.0.0.1:9")
    with engine.running(queue=engine.QUEUE):
        schedule.keep(connection)
        names = [one["schedule_name"] for one in DBOS.list_schedules()]
        assert names == [f"connection-{connection.pk}"]
        connection.schedule = Connection.Schedule.NEVER
        schedule.keep(connection)
        assert DBOS.list_schedules() == []


def test_when_its_time_comes_the_connection_is_imported() -> None:
    with running(create_app(Company(30))) as url, engine.working():
        connection = kept(url)
        its_time_comes(connection)
        run = ended(Run.objects.get().pk)
    assert run.state == RunState.COMPLETED
    assert run.trigger == "schedule"
    assert sum(run.counts.values()) == 30


def test_without_kept_credentials_nothing_starts() -> None:
    connection = kept("http://127.0.0.1:9")
    connection.sealed_credentials = None
    connection.save()
    with engine.working():
        its_time_comes(connection)
    assert not Run.objects.exists()
