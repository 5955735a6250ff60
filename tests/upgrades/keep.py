"""Keeps a small database of the code as it stands: `scripts/keep-database NAME`, at a release."""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg

import rollcall
from tests.postgresql import MISSING, Cluster
from tests.terminal import Terminal
from tests.upgrades.kept import (
    FOLDER,
    KEY,
    KNOWN_END,
    MANIFEST,
    POSTGRESQL,
    REPOSITORY,
    SQLITE,
    digests,
    read,
    write,
)

SEALING_KEY = base64.urlsafe_b64encode(hashlib.sha256(b"kept databases, invented").digest())
"""Nobody's: whatever it opens is invented."""

FILL = """
import django
django.setup()
from tests.upgrades.filling import fill
fill()
"""
SETTINGS = {
    "DJANGO_SETTINGS_MODULE": "rollcall.project.settings",
    "ROLLCALL_MAIL_FROM": "rollcall@example.org",
}
COUNTS = {
    "groups": "SELECT count(*) FROM directory_usergroup",
    "memberships": "SELECT count(*) FROM directory_membership",
    "applications": "SELECT count(*) FROM directory_application",
    "associations": "SELECT count(*) FROM directory_association",
    "accounts": "SELECT count(*) FROM accounts_account",
    "roles": "SELECT count(*) FROM accounts_accountrole",
    "keys": "SELECT count(*) FROM accounts_apikey",
    "second factors": "SELECT count(*) FROM mfa_authenticator",
    "connections": "SELECT count(*) FROM imports_connection",
    "changes": "SELECT count(*) FROM imports_changerecord",
    "events": "SELECT count(*) FROM audit_event",
    "seals": "SELECT count(*) FROM audit_seal",
    "messages": "SELECT count(*) FROM mail_outgoingmessage",
    "records of SCIM": "SELECT count(*) FROM api_scimrecord",
}
"""What is counted in each engine's database, and must be there after it was taken over."""


TABLES = "SELECT name FROM sqlite_master WHERE type = 'table'"
PEOPLE = """
SELECT u.email, u.username, u.state, boss.email
FROM directory_user u LEFT JOIN directory_user boss ON boss.id = u.manager_id
"""


def keep(folder: Path, cluster: Cluster) -> None:
    """Make the database on both engines, and write it into the folder.

    Raises:
        FileExistsError: the folder is there: what was kept is never made anew.
    """
    manifest = {"version": rollcall.__version__, "migrations": digests()}
    with tempfile.TemporaryDirectory() as draft:
        (Path(draft) / KEY).write_bytes(SEALING_KEY + b"\n")
        manifest["sqlite"] = _keep_sqlite(Path(draft))
        url = Cluster.create_database(cluster.url("postgres"), f"kept_{folder.name}")
        manifest["postgresql"] = _keep_postgresql(Path(draft), cluster, url)
        text = json.dumps(manifest, indent=1, ensure_ascii=False)
        (Path(draft) / MANIFEST).write_text(text + "\n", encoding="utf-8")
        shutil.copytree(draft, folder)
        folder.chmod(0o755)


def _keep_sqlite(folder: Path) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as work:
        _fill(Path(work), folder)
        for name in SQLITE:
            with closing(sqlite3.connect(Path(work) / name)) as file:
                write(folder / f"{name}.sql.gz", "\n".join(file.iterdump()) + "\n")
        with closing(sqlite3.connect(Path(work) / SQLITE[0])) as file:
            return _content(file)


def _keep_postgresql(folder: Path, cluster: Cluster, url: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as work:
        _fill(Path(work), folder, url)
    write(folder / POSTGRESQL, _dumped(cluster, url))
    with psycopg.connect(url) as server:
        return _content(server)


def _fill(place: Path, folder: Path, url: str = "") -> None:
    """Fill a database, and keep what its machine knows of the end of its audit log."""
    shutil.copy(folder / KEY, place)
    settings = {**SETTINGS, "ROLLCALL_DATABASE_URL": url}
    subprocess.run(
        [sys.executable, "-c", FILL],
        cwd=REPOSITORY,
        env=Terminal(place, settings).environment(),
        check=True,
    )
    shutil.copy(place / KNOWN_END, folder / f"{'postgresql' if url else 'sqlite'}.{KNOWN_END}")


def _dumped(cluster: Cluster, url: str) -> str:
    """The statements that make the PostgreSQL database, without what only psql understands."""
    form = ("--inserts", "--rows-per-insert=200", "--no-owner", "--no-privileges")
    words = [str(cluster.programs / "pg_dump"), *form, url]
    said = subprocess.run(words, check=True, capture_output=True, text=True).stdout
    return "".join(line for line in said.splitlines(keepends=True) if not line.startswith("\\"))


def _content(database: Any) -> dict[str, Any]:
    counts = {name: database.execute(query).fetchone()[0] for name, query in COUNTS.items()}
    people = sorted(list(row) for row in database.execute(PEOPLE).fetchall())
    return {"counts": counts, "people": people}


def empty_tables(folder: Path) -> list[str]:
    """The tables of our own rooms in which nothing is kept."""
    with closing(sqlite3.connect(":memory:")) as file:
        file.executescript(read(folder / f"{SQLITE[0]}.sql.gz"))
        names = [name for (name,) in file.execute(TABLES)]
        rooms = {Path(path).parts[2] for path in digests()}
        own = sorted(name for name in names if name.partition("_")[0] in rooms)
        query = "SELECT 1 FROM {}"
        return [name for name in own if not file.execute(query.format(name)).fetchone()]


def main(name: str) -> None:
    """Keep the database under this name, a version's, beside the others."""
    cluster = Cluster.start_if_possible()
    if cluster is None:
        raise SystemExit(MISSING)
    keep(FOLDER / name, cluster)
    size = sum(file.stat().st_size for file in (FOLDER / name).iterdir())
    print(f"tests/upgrades/{name}: {size:,} bytes. Commit it, and tag the commit.")
    print(f"Empty in it: {', '.join(empty_tables(FOLDER / name))}.")


if __name__ == "__main__":
    main(sys.argv[1])
