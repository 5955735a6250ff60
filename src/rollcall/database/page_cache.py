"""How much of a database file a connection that writes very much may keep in memory."""

from __future__ import annotations

from typing import Final

from django.db import connection

MEGABYTES: Final = 64
"""Enough for the index pages that an import of a million people comes back to again and again."""


def widen() -> None:
    """Let this thread's connection keep 64 MB of pages, for as long as it is open.

    With the 16 MB that every connection has, half the pages of a large import's indexes would be
    read anew at each batch (SQLite, PRAGMA cache_size). PostgreSQL's cache is the server's own.
    """
    if connection.vendor != "sqlite":
        return
    connection.ensure_connection()
    connection.connection.execute(f"PRAGMA cache_size=-{MEGABYTES * 1024}")
