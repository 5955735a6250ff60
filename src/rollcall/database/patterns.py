"""`REGEXP` on SQLite by a linear-time engine; PostgreSQL's own, without back-references, is one."""

from __future__ import annotations

from typing import Any

from django.db.backends.signals import connection_created

from rollcall.core.patterns import compiled


def install() -> None:
    """Have every connection from now on search by `core.patterns`, as `__regex` does."""
    connection_created.connect(_replace, dispatch_uid="rollcall.database.patterns")


def _replace(connection: Any, **_: object) -> None:
    if connection.vendor == "sqlite":
        connection.connection.create_function("REGEXP", 2, _holds, deterministic=True)


def _holds(pattern: str | None, text: object) -> bool | None:
    if pattern is None or text is None:
        return None
    return compiled(pattern).is_in(str(text))
