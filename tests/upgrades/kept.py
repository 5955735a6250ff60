"""A kept database: the files of its folder, and how it is put into an empty place."""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import psycopg

FOLDER: Final = Path(__file__).parent
REPOSITORY: Final = FOLDER.parent.parent
MIGRATIONS: Final = "src/rollcall/*/migrations/0*.py"

MANIFEST: Final = "manifest.json"
POSTGRESQL: Final = "postgresql.sql.gz"
SQLITE: Final = ("rollcall.db", "rollcall.dbos.db")
KEY, KNOWN_END = "sealing.key", "audit.end"


@dataclass(frozen=True)
class Kept:
    """A database of a released version, with what it holds in words (`manifest`)."""

    folder: Path

    def __str__(self) -> str:
        return self.folder.name

    @cached_property
    def manifest(self) -> Mapping[str, Any]:
        """What was true when it was made: version, migrations with digests, people, counts."""
        said: Mapping[str, Any] = json.loads((self.folder / MANIFEST).read_text(encoding="utf-8"))
        return said

    def put_into(self, folder: Path, url: str = "") -> None:
        """Fill an empty data folder, and the empty PostgreSQL database at `url`, as it was then."""
        shutil.copy(self.folder / KEY, folder)
        engine = "postgresql" if url else "sqlite"
        shutil.copy(self.folder / f"{engine}.{KNOWN_END}", folder / KNOWN_END)
        if url:
            with psycopg.connect(url) as server:
                server.execute(read(self.folder / POSTGRESQL).encode())
            return
        for name in SQLITE:
            with closing(sqlite3.connect(folder / name)) as file:
                file.executescript(read(self.folder / f"{name}.sql.gz"))


def kept() -> list[Kept]:
    """Every kept database, the oldest first."""
    return [Kept(file.parent) for file in sorted(FOLDER.glob(f"*/{MANIFEST}"))]


def digests() -> dict[str, str]:
    """The SHA-256 of each migration of this checkout, by its path."""
    return {
        str(file.relative_to(REPOSITORY)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(REPOSITORY.glob(MIGRATIONS))
    }


def read(file: Path) -> str:
    """The statements that make the database."""
    return gzip.decompress(file.read_bytes()).decode()


def write(file: Path, statements: str) -> None:
    """Keep statements, in the same bytes whenever they are the same."""
    file.write_bytes(gzip.compress(statements.encode(), mtime=0))
