"""How much memory and log a connection to a SQLite file has while very much is written."""

from __future__ import annotations

from typing import Final

from django.db import connection

MEGABYTE: Final = 1024 * 1024
SMALLEST_CACHE: Final = 64 * MEGABYTE
"""Enough for the index pages that an import of 100,000 people comes back to again and again."""

LARGEST_CACHE: Final = 128 * MEGABYTE
"""What one batch writes in a file of millions of rows stays in memory until it is committed."""

SMALLEST_LOG: Final = 64 * MEGABYTE
"""How long the log grows before it is written back; what every connection begins with."""

LARGEST_LOG: Final = 1024 * MEGABYTE


def widen_cache() -> None:
    """Let this thread's connection keep a sixteenth of the file in memory, 64 to 128 MB.

    With the 16 MB that every connection has, half the pages of a large import's indexes would be
    read anew at each batch (SQLite, PRAGMA cache_size). PostgreSQL's cache is the server's own.
    """
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        size = _within(SMALLEST_CACHE, _file_size() // 16, LARGEST_CACHE)
        _set("cache_size", -size // 1024)


def lengthen_log() -> None:
    """Let the log grow to an eighth of the file, 64 MB to 1 GB, before this thread writes it back.

    Names come in no order, so a batch touches other pages of each index than the one before, the
    more the larger the file is; and each time the log is written back the disk has to have taken
    them all. Whichever connection commits next does it once the log is longer than that connection
    lets it grow: one that writes beside an import asks for the same (SQLite, PRAGMA
    wal_autocheckpoint).
    """
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        size = _within(SMALLEST_LOG, _file_size() // 8, LARGEST_LOG)
        _set("wal_autocheckpoint", size // _asked("page_size"))


def _file_size() -> int:
    return _asked("page_count") * _asked("page_size")


def _within(least: int, size: int, most: int) -> int:
    return max(least, min(size, most))


def _asked(name: str) -> int:
    (value,) = connection.connection.execute(f"PRAGMA {name}").fetchone()
    return int(value)


def _set(name: str, value: int) -> None:
    # through the driver: neither is a question about data, and neither belongs to a transaction
    connection.connection.execute(f"PRAGMA {name}={value}")
