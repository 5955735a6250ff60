"""The two database engines that figures are measured on."""

from __future__ import annotations

import argparse
from functools import cache
from typing import Final

from tests.postgresql import MISSING, Cluster

SQLITE: Final = "SQLite"
POSTGRESQL: Final = "PostgreSQL"
NAMES: Final = {"sqlite": SQLITE, "postgres": POSTGRESQL}


def add_option(words: argparse.ArgumentParser) -> None:
    """Let the command line say which engine is measured."""
    words.add_argument("--engine", choices=NAMES, default="sqlite")


def new_database(engine: str, name: str) -> str:
    """The address of an empty database; empty for SQLite, which makes its file itself.

    PostgreSQL is a server of our own with default memory, which does not wait for the disk.
    """
    if engine == "sqlite":
        return ""
    return Cluster.create_database(_cluster().url("postgres"), name)


@cache
def _cluster() -> Cluster:
    cluster = Cluster.start_if_possible()
    if cluster is None:
        raise SystemExit(MISSING)
    return cluster
