"""The engine that `DATABASES` names for PostgreSQL, behind a pooler or not.

The limits go with the connection, as its options. A pooler such as PgBouncer refuses those or loses
them: what one says on a connection is said to whichever server connection is free. There the limits
are said anew in each transaction, and no cursor is kept on the server between two.
"""

from __future__ import annotations

import threading
from typing import Any, Final

from django.conf import settings
from django.db.backends.postgresql import base
from psycopg import OperationalError

IDLE_SECONDS: Final = 60
"""A transaction in which nothing is said for so long belongs to a machine that is frozen or gone:
the server ends it, and lets go of its locks."""

_pooled = threading.Event()
_seen = threading.Event()


def limits() -> dict[str, int]:
    """What the server is to put an end to, by the names of its parameters, in milliseconds."""
    return {
        "lock_timeout": round(1000 * settings.DATABASE_TIMEOUT),
        "idle_in_transaction_session_timeout": 1000 * IDLE_SECONDS,
    }


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection whose locks and idle transactions end by themselves."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Connect, with the limits as options of the connection where they reach the server."""
        if not _pooled.is_set():
            try:
                made = super().get_new_connection({**conn_params, "options": _options(conn_params)})
            except OperationalError as error:
                if "startup parameter" not in str(error):
                    raise
            else:
                if _seen.is_set() or _reached(made):
                    _seen.set()
                    return made
                made.close()
            _pooled.set()
        self.settings_dict["DISABLE_SERVER_SIDE_CURSORS"] = True
        return super().get_new_connection(conn_params)

    def _set_autocommit(self, autocommit: bool) -> None:
        super()._set_autocommit(autocommit)  # type: ignore[misc]  # the stubs leave it out
        if not autocommit and _pooled.is_set():
            said = "; ".join(f"SET LOCAL {name} = {number}" for name, number in limits().items())
            with self.wrap_database_errors, self.connection.cursor() as cursor:
                cursor.execute(said)


def _reached(connection: Any) -> bool:
    """Whether the server has heard of the limits that the connection was made with."""
    query = "SELECT setting FROM pg_settings WHERE name = 'lock_timeout'"
    (milliseconds,) = connection.execute(query).fetchone()
    connection.rollback()
    return int(milliseconds) == limits()["lock_timeout"]


def _options(conn_params: dict[str, Any]) -> str:
    ours = " ".join(f"-c {name}={milliseconds}" for name, milliseconds in limits().items())
    return f"{conn_params.get('options', '')} {ours}".strip()
