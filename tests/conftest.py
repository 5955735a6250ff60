"""The world that tests run in: a private data folder, one of two engines, the contracts."""

from __future__ import annotations

import argparse
import atexit
import os
import shlex
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import django
import pytest
from django.conf import settings

from tests.postgresql import MISSING, Cluster, server_programs
from tests.terminal import Terminal
from tests.vendor_contracts import contracts_folder, missing

OURS = ("ROLLCALL_", "PERSONIO_", "JUMPCLOUD_")
KEPT = ("ROLLCALL_CONTRACTS",)
ENGINES = ("sqlite", "postgres")
IS_WORKER = "PYTEST_XDIST_WORKER" in os.environ


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--engine postgres` runs every test on a PostgreSQL cluster of its own."""
    parser.addoption("--engine", choices=ENGINES, default="sqlite", help="the tests' database")


def _engine() -> str:
    # settings must be loaded before the first conftest that imports a model, and so before
    # pytest has read the command line
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--engine", default="sqlite")
    words = [*shlex.split(os.environ.get("PYTEST_ADDOPTS", "")), *sys.argv[1:]]
    return str(parser.parse_known_args(words)[0].engine)


def _private_world() -> Cluster | None:
    """A data folder of our own, nobody's settings, and the chosen engine; then the settings."""
    if settings.configured:
        raise pytest.UsageError("unset DJANGO_SETTINGS_MODULE: the tests load the settings")
    data_dir = tempfile.mkdtemp(prefix="rollcall-tests-")
    atexit.register(shutil.rmtree, data_dir, ignore_errors=True)
    cluster = None
    if not IS_WORKER:
        for name in [one for one in os.environ if one.startswith(OURS) and one not in KEPT]:
            del os.environ[name]
        if _engine() == "postgres" and (cluster := Cluster.start_if_possible()):
            os.environ["ROLLCALL_DATABASE_URL"] = cluster.url("postgres")
            # a run that is told to end stops its cluster, as one that is interrupted does
            signal.signal(signal.SIGTERM, signal.default_int_handler)
    os.environ["ROLLCALL_DATA_DIR"] = data_dir
    os.environ["ROLLCALL_ALLOWED_ADDRESSES"] = (
        "http://127.0.0.1:*,http://localhost:*,https://personio.invalid"
    )
    os.environ["ROLLCALL_SOURCE_PATIENCE"] = "0"
    nobodys_settings = Path(data_dir) / "rollcall.toml"
    nobodys_settings.touch()
    os.environ["ROLLCALL_CONFIG"] = str(nobodys_settings)
    os.environ["DJANGO_SETTINGS_MODULE"] = "rollcall.project.settings"
    database = settings.DATABASES["default"]
    # workers inherit the environment, and must come here before their settings are loaded
    del os.environ["DJANGO_SETTINGS_MODULE"]
    if database["ENGINE"].endswith("sqlite3"):
        # a file, since threads do not share a database in memory
        database["TEST"] = {"NAME": str(Path(data_dir) / "test.db")}
    django.setup()
    return cluster


CLUSTER = _private_world()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip what needs PostgreSQL where its server programs are missing; under CI, fail."""
    if server_programs():
        return
    everything = config.getoption("--engine") == "postgres"
    for item in items:
        if everything or item.get_closest_marker("postgres"):
            if os.environ.get("CI") == "true":
                raise pytest.UsageError(MISSING)
            item.add_marker(pytest.mark.skip(reason=MISSING))


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The address of an empty PostgreSQL database, whatever engine the other tests run on."""
    address = os.environ.get("ROLLCALL_DATABASE_URL", "")
    if address.startswith("postgresql:"):
        yield Cluster.create_database(address, f"own_{uuid4().hex[:8]}")
        return
    cluster = Cluster.start_if_possible()
    if cluster is None:
        missing(MISSING)
        return
    yield Cluster.create_database(cluster.url("postgres"), "own")
    cluster.stop()


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the tables and nobody in them, to be copied: making them takes seconds."""
    folder = tmp_path_factory.mktemp("made")
    assert Terminal(folder).run("users").returncode == 0
    return folder


@pytest.fixture(scope="session")
def contracts() -> Path:
    """The folder of the vendors' API descriptions."""
    return contracts_folder()
