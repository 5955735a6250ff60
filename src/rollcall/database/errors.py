"""Which errors of a database may pass by themselves: it is away, full, locked or read-only."""

from __future__ import annotations

import sqlite3
from typing import Final

from django.db import InterfaceError, OperationalError

SQLITE_CODES: Final = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_INTERRUPT,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PROTOCOL,
    }
)
"""SQLite's primary result codes; a statement that is wrong is an OperationalError there, too."""

POSTGRES_CLASSES: Final = frozenset({"08", "40", "53", "57", "58"})
"""No connection, a deadlock, no resources (a full disk), an operator's doing, a system error."""

POSTGRES_STATES: Final = frozenset({"25006", "25P03", "55P03"})
"""A read-only transaction, one that was idle for too long, a lock that was not to be had."""


def may_pass(error: BaseException) -> bool:
    """Whether the same work may succeed later, of an error of Django or of SQLAlchemy."""
    driver = getattr(error, "orig", None) or error.__cause__
    code = getattr(driver, "sqlite_errorcode", None)
    if code is not None:
        # The lower byte is the primary code; SQLite puts details into the upper ones.
        return code & 0xFF in SQLITE_CODES
    state = getattr(driver, "sqlstate", None)
    if state is not None:
        return state[:2] in POSTGRES_CLASSES or state in POSTGRES_STATES
    return isinstance(error, OperationalError | InterfaceError) or _is_away(error)


def _is_away(error: BaseException) -> bool:
    """Whether SQLAlchemy, which only the durable engine loads, says that nobody answers."""
    kind = type(error)
    return kind.__module__ == "sqlalchemy.exc" and kind.__name__ in (
        "OperationalError",
        "InterfaceError",
        "TimeoutError",
    )
