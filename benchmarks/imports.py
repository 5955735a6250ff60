"""What an import costs, at several sizes, beside the simplest program that does as little.

    python -m benchmarks.imports [--write] 1000 10000 100000
    python -m benchmarks.imports --engine postgres 1000 10000

Each size is measured in a process of its own, against a sandbox of that many people in another.
`--write` puts the section into docs/performance.md.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import platform
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
from tests.postgresql import Cluster
from tests.terminal import ROLLCALL, sandbox

if TYPE_CHECKING:
    from rollcall.imports.models import Run
    from rollcall.sources.personio.account import Account

FILE = Path(__file__).resolve().parents[1] / "docs" / "performance.md"
BEGIN, END = "<!-- imports.py -->", "<!-- end of imports.py -->"
STRETCHES = ("fetch", "decide", "apply", "link")


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


@dataclass
class Command:
    """`rollcall import` as somebody types it: seconds from start to end, and peak memory."""

    seconds: float
    megabytes: int


@dataclass
class Measured:
    """One size: the simplest program, and three imports one after the other in one process.

    `simplest` is the mean of one run before and one after the command, `spread` how far they lie
    apart, as a share. `command` is a first import again, into a folder of its own, as a command.
    """

    people: int
    simplest: float
    spread: float
    first: Cost
    again: Cost
    day_two: Cost
    command: Command


def simplest(account: Account, people: int, folder: Path) -> float:
    """Seconds of a bare loop over the pages, one request after the other, and an executemany."""
    began = time.perf_counter()
    file = folder / "simplest.db"
    file.unlink(missing_ok=True)
    database = sqlite3.connect(file)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("CREATE TABLE person (id TEXT PRIMARY KEY, email TEXT UNIQUE, record TEXT)")
    pair = {"client_id": account.client_id, "client_secret": account.client_secret}
    with httpx.Client(base_url=account.url, timeout=60) as http:
        token = http.post("/v1/auth", json=pair).json()["data"]["token"]
        http.headers["Authorization"] = f"Bearer {token}"
        for offset in range(0, people, 100):
            asked = {"limit": "100", "offset": str(offset)}
            page = http.get("/v1/company/employees", params=asked).json()["data"]
            rows = [_row(one["attributes"]) for one in page]
            with database:
                database.executemany("INSERT OR IGNORE INTO person VALUES (?, ?, ?)", rows)
    database.close()
    return time.perf_counter() - began


def _row(attributes: dict[str, Any]) -> tuple[str, str | None, str]:
    values = {key: one["value"] for key, one in attributes.items()}
    return str(values["id"]), values.get("email"), json.dumps(values)


def imported(account: Account) -> Cost:
    """An import carried out in this thread, stretch by stretch."""
    from rollcall.audit.actor import Actor, Door, Initiator
    from rollcall.imports import applying, fetching, open_targets, planning, runs

    cost = Cost()
    connection = runs.connection_for(account)
    starter = runs.Starter(Actor(Initiator.SYSTEM, Door.CLI, "benchmark"))
    run = runs.start_here(runs.Request(connection, account, starter))
    before = asked(account)
    with counted(cost):
        timed(cost, "fetch", lambda: fetching.fetch(run.pk))
        timed(cost, "decide", lambda: planning.decide(run.pk))
        timed(cost, "apply", lambda: _apply(run))
        timed(cost, "link", lambda: _link(run))
        applying.finish(run.pk)
    open_targets.close(run.pk)
    cost.megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    run.refresh_from_db()
    assert run.state == "completed", run.error
    assert sum(run.counts.values()) == run.fetched
    cost.requests = asked(account) - before
    cost.written = sum(run.counts.get(one, 0) for one in ("created", "updated", "suspended"))
    return cost


def _apply(run: Run) -> None:
    from rollcall.imports import applying

    for place, bounds in enumerate(applying.prepare(run.pk)):
        applying.apply_batch(run.pk, place, bounds)


def _link(run: Run) -> None:
    from rollcall.imports import applying

    while applying.link_some(run.pk):
        pass


def timed(cost: Cost, stretch: str, work: Callable[[], object]) -> None:
    """Do the work and note its seconds."""
    began = time.perf_counter()
    work()
    cost.seconds[stretch] = time.perf_counter() - began


@contextmanager
def counted(cost: Cost) -> Iterator[None]:
    """Count the statements that the block sends to the database."""
    from django.db import connection

    def count(execute: Callable[..., Any], sql: Any, params: Any, many: Any, context: Any) -> Any:
        cost.statements += len(params) if many else 1
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        yield


def asked(account: Account) -> int:
    """How many requests the sandbox has had for Personio's own addresses."""
    routes = httpx.get(f"{account.url}/_sandbox/requests").json()["routes"]
    return sum(number for route, number in routes.items() if "/_sandbox" not in route)


def measured(people: int) -> Measured:
    """One size, in this process."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    from rollcall.sources.personio.account import Account

    gc.freeze()  # as `engine.running` does
    folder = Path(os.environ["ROLLCALL_DATA_DIR"])
    with sandbox("--people", str(people)) as settings:
        account = Account.of(settings)
        before = simplest(account, people, folder)
        typed = command(settings)
        after = simplest(account, people, folder)
        first, again = imported(account), imported(account)
    with sandbox("--people", str(people), "--day", "2") as settings:
        day_two = imported(Account.of(settings))
    alone = (before + after) / 2
    return Measured(people, alone, abs(after - before) / alone, first, again, day_two, typed)


def command(settings: dict[str, str]) -> Command:
    """A first import with `rollcall import`, on the engine that is measured."""
    url = os.environ["ROLLCALL_DATABASE_URL"]
    if url:
        url = Cluster.create_database(url, f"{url.rpartition('/')[2]}_command")
    with tempfile.TemporaryDirectory(prefix="rollcall-benchmark-") as folder:
        environment = {**os.environ, **settings, "ROLLCALL_DATA_DIR": folder}
        began = time.perf_counter()
        process = subprocess.Popen(
            [ROLLCALL, "import"],
            env={**environment, "ROLLCALL_DATABASE_URL": url},
            stdout=subprocess.DEVNULL,
        )
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        raise SystemExit("`rollcall import` failed")
    return Command(seconds, used.ru_maxrss // 1024)


def in_a_process(people: int, database: str) -> Measured:
    """One size, in a process and a data folder of its own."""
    folder = tempfile.mkdtemp(prefix="rollcall-benchmark-")
    nobodys_settings = Path(folder) / "rollcall.toml"
    nobodys_settings.touch()
    ours = ("ROLLCALL_", "PERSONIO_", "JUMPCLOUD_")
    outer = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    environment = {
        **outer,
        "ROLLCALL_DATA_DIR": folder,
        "ROLLCALL_CONFIG": str(nobodys_settings),
        "ROLLCALL_DATABASE_URL": database,
        "DJANGO_SETTINGS_MODULE": "rollcall.project.settings",
    }
    words = [sys.executable, "-m", "benchmarks.imports", "--measure", str(people)]
    try:
        done = subprocess.run(words, env=environment, check=True, capture_output=True, text=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    found = json.loads(done.stdout)
    for name in ("first", "again", "day_two"):
        found[name] = Cost(**found[name])
    found["command"] = Command(**found["command"])
    return Measured(**found)


def table(rows: list[Measured]) -> str:
    """The costs as a table in Markdown."""
    smallest = rows[0].first.total / rows[0].people
    lines = [
        "| people | import | users written | requests | statements per 1,000 | × simplest program |"
        f" per person ÷ first row | {' | '.join(STRETCHES)} | peak memory |",
        "|---:|---|" + "---:|" * (6 + len(STRETCHES)),
    ]
    for row in rows:
        for name, cost in (("first", row.first), ("again", row.again), ("day 2", row.day_two)):
            per_person = cost.total / row.people / smallest
            shares = " | ".join(f"{cost.seconds[one] / cost.total:.0%}" for one in STRETCHES)
            lines.append(
                f"| {row.people:,} | {name} | {cost.written:,} | {cost.requests:,} |"
                f" {cost.statements * 1000 / row.people:.0f} | {cost.total / row.simplest:.1f} |"
                f" {per_person:.2f} | {shares} | {cost.megabytes} MB |"
            )
    return "\n".join(lines)


def circumstances(engine: str) -> str:
    """On what and when this was measured, and how busy the machine was with other work."""
    busy, cores = os.getloadavg()[0], os.cpu_count()
    gigabytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{date.today():%Y-%m-%d}, {engine}, Python {platform.python_version()} on "
        f"{platform.machine()}, {cores} cores, {gigabytes:.0f} GB; load {busy:.1f} at the end."
    )


def commands(rows: list[Measured]) -> str:
    """The whole command as a table in Markdown, each size beside the one before it."""
    lines = [
        "| people | seconds | × simplest program | its spread | × the row above | peak memory |",
        "|---:|---:|---:|---:|---:|---:|",
    ]
    before = 0.0
    for row in rows:
        found = row.command
        times = f"{found.seconds / before:.1f}" if before else ""
        lines.append(
            f"| {row.people:,} | {found.seconds:.1f} | {found.seconds / row.simplest:.1f} |"
            f" {row.spread:.0%} | {times} | {found.megabytes} MB |"
        )
        before = found.seconds
    return "\n".join(lines)


def section(rows: list[Measured], words: list[str], measured_on: str) -> str:
    """What docs/performance.md says of imports."""
    return f"""{BEGIN}
## Imports into the built-in directory

Each size three times in one process: a first import, the same again, and the company's second day
(hires, leavers, moves, marriages). The simplest program fetches the same pages one after the other
with a bare loop and inserts the same rows with `executemany`, in the same process just before; it
compares nothing, keeps no record, and could not go on after a crash. A program that asks for each
person and writes each with a statement of its own would take 1,000 requests and at least 1,000
statements for a thousand people. An import of N people makes ⌈N/100⌉ + 2 requests (a token, the
readable attributes, the pages). The last columns are the shares of time, and the process's most
memory until then.

{table(rows)}

The same first import as somebody types it, `rollcall import`: with the start of the program, the
making of the database, the result table, and everything written to its place at the end.

{commands(rows)}

Made by `python -m benchmarks.imports {" ".join(words)}`: {measured_on}
{END}
"""


def write(text: str) -> None:
    """Put the section into docs/performance.md, where it was or at the end."""
    page = FILE.read_text(encoding="utf-8")
    before, found, rest = page.partition(BEGIN)
    page = before + text + rest.partition(f"{END}\n")[2] if found else f"{page.rstrip()}\n\n{text}"
    FILE.write_text(page, encoding="utf-8")


def main() -> None:
    """Measure the sizes that the command line names."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("people", nargs="*", type=int, default=[1000, 10_000, 100_000])
    words.add_argument("--engine", choices=("sqlite", "postgres"), default="sqlite")
    words.add_argument("--write", action="store_true")
    words.add_argument("--measure", type=int, help=argparse.SUPPRESS)
    asked_for = words.parse_args()
    if asked_for.measure:
        print(json.dumps(asdict(measured(asked_for.measure))))
        return
    cluster = Cluster.start_if_possible() if asked_for.engine == "postgres" else None
    rows = []
    for people in asked_for.people:
        database = ""
        if cluster is not None:
            database = Cluster.create_database(cluster.url("postgres"), f"imports_{people}")
        rows.append(in_a_process(people, database))
    measured_on = circumstances(asked_for.engine)
    print(measured_on, table(rows), commands(rows), sep="\n\n")
    if asked_for.write:
        write(section(rows, sys.argv[1:], measured_on))


if __name__ == "__main__":
    main()
