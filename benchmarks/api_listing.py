"""How long the API takes to list 100 of 100,000 users, next to plain SQL and JSON encoding.

    python -m benchmarks.api_listing [--engine postgres] [users]

Both sides are timed in turn in one process, on a private database: the median of many rounds.
The API's side is the whole request, from the HTTP handler through every middleware to the bytes.
"""

from __future__ import annotations

import argparse
import json
import os
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import psycopg

from benchmarks import engines
from benchmarks.conditions import conditions, spread

ROUNDS = 60
PAGES = {
    "first page by id": "limit=100&skip=0&sort=_id",
    "page 500 by id": "limit=100&skip=50000&sort=_id",
    "a department": "limit=100&skip=0&sort=_id&filter=department:$eq:Department 7",
    "by name": "limit=100&skip=0&sort=lastname firstname",
}
SQL = {
    "first page by id": ("", "id", 0),
    "page 500 by id": ("", "id", 50000),
    "a department": ("WHERE department = 'Department 7'", "id", 0),
    "by name": ("", "lastname, firstname, id", 0),
}
LIMIT_OF_ISSUE = 3.0


def main() -> int:
    """Print the table; 1 where a ratio is above the limit."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("people", nargs="?", type=int, default=100_000)
    engines.add_option(words)
    given = words.parse_args()
    people = given.people
    with tempfile.TemporaryDirectory() as folder:
        database = start(Path(folder), engines.new_database(given.engine, "api_listing"))
        fill(people)
        from django.test.utils import CaptureQueriesContext

        rows = [measure(name, database, CaptureQueriesContext) for name in PAGES]
    head = (f"page of 100 of {people:,}", "SQL+JSON, ms", "API, ms", "ratio")
    print(f"{head[0]:24}{head[1]:>26}{head[2]:>26}{head[3]:>26}  statements")
    for name, plain, api, statements in rows:
        ratios = [ours / bare for ours, bare in zip(api, plain, strict=True)]
        cells = [spread(figures, 2) for figures in (plain, api, ratios)]
        print(f"{name:24}{cells[0]:>26}{cells[1]:>26}{cells[2]:>26}  {statements:10}")
    print(conditions(engines.NAMES[given.engine]))
    return int(any(median(api) / median(plain) > LIMIT_OF_ISSUE for _, plain, api, _ in rows))


def start(folder: Path, database: str) -> str:
    """Set Django up on a database of our own; its address, or its file."""
    os.environ["ROLLCALL_DATA_DIR"] = str(folder)
    os.environ["ROLLCALL_DATABASE_URL"] = database
    os.environ["DJANGO_SETTINGS_MODULE"] = "rollcall.project.settings"
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    return database or str(folder / "rollcall.db")


def fill(people: int) -> None:
    """Invent this many users."""
    from rollcall.directory.models import User

    for first in range(0, people, 5000):
        User.objects.bulk_create(invented(n) for n in range(first, min(first + 5000, people)))


def invented(number: int) -> Any:
    """One invented user with every usual field."""
    from rollcall.directory.models import User

    return User(
        username=f"user{number}",
        email=f"user{number}@example.org",
        firstname=f"First{number % 997}",
        lastname=f"Last{number % 9973}",
        jobTitle="Buyer",
        department=f"Department {number % 50}",
        company="Example GmbH",
        location="Kiel",
        costCenter=str(4000 + number % 100),
        employeeType="internal",
        employeeIdentifier=str(number),
        attributes=[{"name": "personioId", "value": str(number)}],
        state="ACTIVATED",
    )


def measure(name: str, database: str, capture: Any) -> tuple[str, list[float], list[float], int]:
    """The times of both sides, in milliseconds, and how many statements the API used."""
    from django.db import connection
    from django.test import Client

    from rollcall.accounts import api_keys
    from rollcall.audit.actor import Actor, Door, Initiator

    actor = Actor(Initiator.SYSTEM, Door.CLI, "benchmark")
    _, secret = api_keys.create(actor, "benchmark")
    client = Client(SERVER_NAME="127.0.0.1", headers={"x-api-key": secret})
    address = f"/api/systemusers?{PAGES[name]}"
    on_server = database.startswith("postgresql:")
    plain_connection: Any = psycopg.connect(database) if on_server else sqlite3.connect(database)
    sides: list[Callable[[], Any]] = [
        lambda: plain(plain_connection, *SQL[name]),
        lambda: client.get(address).content,
    ]
    assert len(json.loads(sides[0]())["results"]) == len(json.loads(sides[1]())["results"]) == 100
    times: list[list[float]] = [[], []]
    for _ in range(ROUNDS):
        for side, taken in zip(sides, times, strict=True):
            begun = time.perf_counter()
            side()
            taken.append((time.perf_counter() - begun) * 1000)
    with capture(connection) as statements:
        sides[1]()
    plain_connection.close()
    return name, times[0], times[1], len(statements)


def plain(connection: Any, where: str, order: str, skip: int) -> str:
    """The same page by hand: one SELECT, one count, the rows encoded as they are."""
    cursor = connection.execute(
        f"SELECT * FROM directory_user {where} ORDER BY {order} LIMIT 100 OFFSET {skip}"  # noqa: S608
    )
    names = [column[0] for column in cursor.description]
    results = [dict(zip(names, row, strict=True)) for row in cursor]
    [total] = connection.execute(f"SELECT count(*) FROM directory_user {where}").fetchone()  # noqa: S608
    return json.dumps({"totalCount": total, "results": results}, default=str)


if __name__ == "__main__":
    sys.exit(main())
