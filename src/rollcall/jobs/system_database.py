"""Where the durable engine keeps its checkpoints: beside our tables, whichever engine has them."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from django.db import connection

from rollcall.database.keepalives import KEEPALIVES


def url() -> str:
    """The address of DBOS's database: beside our SQLite file, or in our PostgreSQL database."""
    chosen = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{file_beside(Path(str(chosen['NAME'])))}"
    return _postgres_url(chosen)


def engine_options() -> dict[str, Any]:
    """What SQLAlchemy is to be told: no prepared statements, which a pooler would mix up."""
    if connection.vendor == "sqlite":
        return {}
    return {"connect_args": {**KEEPALIVES, "prepare_threshold": None}}


def file_beside(database: Path) -> Path:
    """The file of the checkpoints beside this SQLite file."""
    return database.with_name(database.stem + ".dbos.db")


def _postgres_url(chosen: dict[str, object]) -> str:
    user = quote(str(chosen.get("USER") or ""), safe="")
    password = quote(str(chosen.get("PASSWORD") or ""), safe="")
    login = f"{user}:{password}@" if password else f"{user}@" if user else ""
    host, port = str(chosen.get("HOST") or ""), chosen.get("PORT")
    options = chosen.get("OPTIONS")
    query = {key: value for key, value in (options or {}).items() if isinstance(value, str)}  # type: ignore[attr-defined]
    # A folder of sockets cannot stand where a URL has its host, since its slashes would end it.
    if host.startswith("/"):
        query["host"], host = host, ""
    place = f"{host}:{port}" if port and host else host
    if port and not host:
        query["port"] = str(port)
    return f"postgresql://{login}{place}/{chosen['NAME']}" + (
        f"?{urlencode(query)}" if query else ""
    )
