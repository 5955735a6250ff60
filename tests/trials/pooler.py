"""PgBouncer in transaction mode, in front of a server of ours."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests.postgresql import Cluster
from tests.terminal import end
from tests.trials.place import until

PROGRAM = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")
MISSING = "PgBouncer is not on this machine"


@contextmanager
def pooler(cluster: Cluster, *more: str) -> Iterator[int]:
    """The port on which a pooler with few connections listens; `more` lines of its settings."""
    assert PROGRAM is not None
    with tempfile.TemporaryDirectory(prefix="rollcall-pooler-") as folder:
        place = Path(folder)
        place.chmod(0o755)
        port = _free_port()
        (place / "users").write_text('"postgres" ""\n')
        (place / "pgbouncer.ini").write_text(
            "\n".join(
                [
                    "[databases]",
                    f"* = host=127.0.0.1 port={cluster.port}",
                    "[pgbouncer]",
                    f"listen_addr = 127.0.0.1\nlisten_port = {port}",
                    f"auth_type = trust\nauth_file = {place / 'users'}",
                    "unix_socket_dir =",
                    "pool_mode = transaction\ndefault_pool_size = 4\nmax_client_conn = 200",
                    *more,
                ]
            )
        )
        words = [PROGRAM, str(place / "pgbouncer.ini")]
        if os.geteuid() == 0:  # it refuses to run as root
            words = ["runuser", "-u", "postgres", "--", *words]
        process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            until(lambda: _answers(port), bool)
            yield port
        finally:
            end(process)


def _answers(port: int) -> bool:
    try:
        psycopg.connect(f"postgresql://postgres@127.0.0.1:{port}/postgres").close()
    except psycopg.OperationalError:
        return False
    return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
