"""Leaves nothing in the database's files of what was deleted from its tables."""

from __future__ import annotations

from django.db import OperationalError, connection


def compact() -> bool:
    """Write the database's files anew, without what was deleted; whether that could be done.

    SQLite: the file is rewritten and the write-ahead log emptied, for which nobody else may be at
    work. PostgreSQL: every table is vacuumed, which lets its pages be written over; its own log
    (WAL) and every backup keep what they hold for as long as they are kept.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute("VACUUM")
            if connection.vendor != "sqlite":
                return True
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            busy, *_ = cursor.fetchone()
    except OperationalError:
        return False
    return not busy
