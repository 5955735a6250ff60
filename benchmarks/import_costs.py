"""Measures imports: as a command beside the simplest program, and stretch by stretch."""

from __future__ import annotations

import gc
import json
import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import psycopg
from tests.terminal import OURS, ROLLCALL, sandbox

from benchmarks.engines import new_database

if TYPE_CHECKING:
    from rollcall.imports.models import Run
    from rollcall.sources.personio.account import Account

STRETCHES = ("fetch", "decide", "apply", "link")


@dataclass(frozen=True)
class Command:
    """`rollcall import` as somebody types it: seconds from start to end, and peak memory."""

    seconds: float
    megabytes: int


@dataclass(frozen=True)
class Turn:
    """The simplest program, a first import and the same again, one right after the other.

    `simplest` is None where it was left out.
    """

    simplest: float | None
    first: Command
    again: Command


@dataclass
class Cost:
    """One import: seconds by stretch, statements, requests, users written, peak memory so far."""

    seconds: dict[str, float] = field(default_factory=dict)
    statements: int = 0
    megabytes: int = 0
    requests: int = 0
    written: int = 0

    @property
    def total(self) -> float:
        """Seconds altogether."""
        return sum(self.seconds.values())


def turns(people: int, rounds: int, engine: str) -> list[Turn]:
    """So many turns of one size; all read from one sandbox, a process of its own."""
    with sandbox("--people", str(people)) as settings:
        names = [f"turn_{people}_{number}" for number in range(rounds)]
        return [
            Turn(_alone(settings, people, engine, name), *_imports(settings, engine, name))
            for name in names
        ]


def imports_alone(people: int, engine: str) -> Turn:
    """One turn without the simplest program, which takes as long as many imports."""
    with sandbox("--people", str(people)) as settings:
        return Turn(None, *_imports(settings, engine, f"turn_{people}"))


def _alone(settings: dict[str, str], people: int, engine: str, name: str) -> float:
    with tempfile.TemporaryDirectory(prefix="rollcall-benchmark-") as folder:
        database = new_database(engine, f"{name}_simplest")
        return simplest(settings, people, database or f"{folder}/simplest.db")


def _imports(settings: dict[str, str], engine: str, name: str) -> tuple[Command, Command]:
    """A first import into an empty directory, and the same again."""
    with tempfile.TemporaryDirectory(prefix="rollcall-benchmark-") as folder:
        environment = environment_of(folder, new_database(engine, name)) | settings
        return _command(environment), _command(environment)


def simplest(settings: dict[str, str], people: int, database: str) -> float:
    """Seconds of a bare loop over the pages, one request after the other, and an executemany.

    The database is a file of SQLite or an address of PostgreSQL: the one that is measured.
    """
    began = time.perf_counter()
    url = settings["PERSONIO_URL"]
    names = ("client_id", "client_secret")
    pair = {name: settings[f"PERSONIO_{name.upper()}"] for name in names}
    with httpx.Client(base_url=url, timeout=60) as http, closing(_opened(database)) as store:
        place = "?" if isinstance(store, sqlite3.Connection) else "%s"
        insert = f"INSERT INTO person VALUES ({place}, {place}, {place}) ON CONFLICT DO NOTHING"  # noqa: S608
        cursor = store.cursor()
        cursor.execute("CREATE TABLE person (id TEXT PRIMARY KEY, email TEXT UNIQUE, record TEXT)")
        token = http.post("/v1/auth", json=pair).json()["data"]["token"]
        http.headers["Authorization"] = f"Bearer {token}"
        for offset in range(0, people, 100):
            asked = {"limit": "100", "offset": str(offset)}
            page = http.get("/v1/company/employees", params=asked).json()["data"]
            cursor.executemany(insert, [_row(employee["attributes"]) for employee in page])
            store.commit()
    return time.perf_counter() - began


def _opened(database: str) -> Any:
    """The connection: the two drivers differ in the sign of a parameter alone."""
    if database.startswith("postgresql:"):
        return psycopg.connect(database)
    file = sqlite3.connect(database)
    file.execute("PRAGMA journal_mode=WAL")
    return file


def _row(attributes: dict[str, Any]) -> tuple[str, str | None, str]:
    values = {key: attribute["value"] for key, attribute in attributes.items()}
    return str(values["id"]), values.get("email"), json.dumps(values)


def environment_of(folder: str, database: str) -> dict[str, str]:
    """The settings of a process with a data folder of its own, and nobody's besides."""
    nobodys_settings = Path(folder) / "rollcall.toml"
    nobodys_settings.touch()
    outer = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    return {
        **outer,
        "ROLLCALL_DATA_DIR": folder,
        "ROLLCALL_CONFIG": str(nobodys_settings),
        "ROLLCALL_DATABASE_URL": database,
        "DJANGO_SETTINGS_MODULE": "rollcall.project.settings",
    }


def _command(environment: dict[str, str]) -> Command:
    began = time.perf_counter()
    words = [ROLLCALL, "import"]
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(words, env=environment, stdout=quiet, stderr=quiet)
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        raise SystemExit("`rollcall import` failed")
    return Command(seconds, used.ru_maxrss // 1024)


def costs(people: int, engine: str) -> list[Cost]:
    """A first import, the same again, and the company's second day: in one process of their own."""
    with tempfile.TemporaryDirectory(prefix="rollcall-benchmark-") as folder:
        environment = environment_of(folder, new_database(engine, f"imports_{people}"))
        words = [sys.executable, "-m", "benchmarks.import_costs", str(people)]
        done = subprocess.run(words, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    return [Cost(**cost) for cost in json.loads(done.stdout)]


def main(people: int) -> None:
    """Measure the three imports in this process, and print what they cost."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    from rollcall.core.outgoing import addresses
    from rollcall.sources.personio.account import Account

    addresses.allow(addresses.entries("http://127.0.0.1:*"))

    gc.freeze()  # as `engine.running` does
    with sandbox("--people", str(people)) as settings:
        account = Account.of(settings)
        measured = [_imported(account), _imported(account)]
    with sandbox("--people", str(people), "--day", "2") as settings:
        measured.append(_imported(Account.of(settings)))
    print(json.dumps([asdict(cost) for cost in measured]))


def _imported(account: Account) -> Cost:
    """An import carried out in this thread, stretch by stretch."""
    from rollcall.audit.actor import Actor, Door, Initiator
    from rollcall.imports import applying, fetching, open_targets, planning, runs

    cost = Cost()
    connection = runs.connection_for(account)
    starter = runs.Starter(Actor(Initiator.SYSTEM, Door.CLI, "benchmark"))
    run = runs.start_here(runs.Request(connection, account, starter))
    before = _asked(account)
    with _counted(cost):
        _timed(cost, "fetch", lambda: fetching.fetch(run.pk))
        _timed(cost, "decide", lambda: planning.decide(run.pk))
        _timed(cost, "apply", lambda: _apply(run))
        _timed(cost, "link", lambda: _link(run))
        applying.finish(run)
    open_targets.close(run.pk)
    cost.megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    run.refresh_from_db()
    assert run.state == "completed", run.error
    assert sum(run.counts.values()) == run.fetched
    cost.requests = _asked(account) - before
    cost.written = sum(run.counts.get(result, 0) for result in ("created", "updated", "suspended"))
    return cost


def _apply(run: Run) -> None:
    from rollcall.imports import applying

    for place, bounds in enumerate(applying.prepare(run.pk)):
        applying.apply_batch(run, place, bounds)


def _link(run: Run) -> None:
    from rollcall.imports import linking

    while linking.link_some(run):
        pass


def _timed(cost: Cost, stretch: str, work: Callable[[], object]) -> None:
    """Do the work and note its seconds."""
    began = time.perf_counter()
    work()
    cost.seconds[stretch] = time.perf_counter() - began


@contextmanager
def _counted(cost: Cost) -> Iterator[None]:
    """Count the statements that the block sends to the database."""
    from django.db import connection

    def count(execute: Callable[..., Any], sql: Any, params: Any, many: Any, context: Any) -> Any:
        cost.statements += len(params) if many else 1
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        yield


def _asked(account: Account) -> int:
    """How many requests the sandbox has had for Personio's own addresses."""
    routes = httpx.get(f"{account.url}/_sandbox/requests").json()["routes"]
    return sum(number for route, number in routes.items() if "/_sandbox" not in route)


if __name__ == "__main__":
    main(int(sys.argv[1]))
