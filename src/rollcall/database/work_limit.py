"""Statements that end by themselves when they take too much: the database's side of a budget."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from django.db import connection, transaction

STEPS: Final = 10_000
"""Of SQLite's virtual machine between two looks at the clock: well under a millisecond."""

Clock = Callable[[], float]


@contextmanager
def limited(seconds: float, clock: Clock = time.thread_time) -> Iterator[None]:
    """Break off what this thread asks of the database once it took so long altogether.

    SQLite works in this thread: counted are the thread's own seconds of CPU. PostgreSQL works
    elsewhere and is given the time for each statement.

    Raises:
        OperationalError: a statement was broken off ("interrupted", "statement timeout").
    """
    connection.ensure_connection()
    if connection.vendor == "sqlite":
        with _in_this_thread(connection.connection, seconds, clock):
            yield
        return
    # With a savepoint: a refused request must not spoil a transaction that is around this one.
    with transaction.atomic():
        _set_timeout(f"{round(seconds * 1000)}ms")
        yield
        if not connection.needs_rollback:
            _set_timeout("0")  # for whoever has a transaction around this one


@contextmanager
def _in_this_thread(database: Any, seconds: float, clock: Clock) -> Iterator[None]:
    ends = clock() + seconds
    database.set_progress_handler(lambda: clock() >= ends, STEPS)
    try:
        yield
    finally:
        database.set_progress_handler(None, 0)


def _set_timeout(value: str) -> None:
    # LOCAL: a pooler may give the connection to somebody else after the transaction.
    # By the driver, since it is no statement of the request's.
    connection.connection.execute("SELECT set_config('statement_timeout', %s, true)", [value])
