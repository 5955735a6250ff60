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
    except OperationalError:
        return False
    return empty_log()


def empty_log() -> bool:
    """Empty SQLite's write-ahead log into the file; whether that could be done.

    The file holds nothing of what was deleted: every connection writes over it (`secure_delete`).
    Nobody has to stop for it, and a database of any size takes a moment. PostgreSQL has no such
    file of ours.
    """
    if connection.vendor != "sqlite":
        return True
    try:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            busy, *_ = cursor.fetchone()
    except OperationalError:
        return False
    return not busy
