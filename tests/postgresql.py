"""A private PostgreSQL cluster in a temporary folder, for as long as the tests run."""

from __future__ import annotations

import atexit
import os
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

import psycopg

BINARIES = Path("/usr/lib/postgresql")
MISSING = "PostgreSQL's server programs are not on this machine"
SETTINGS = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200"


def server_programs() -> Path | None:
    """The folder of the newest PostgreSQL server programs on this machine, if there is one."""
    found = sorted(BINARIES.glob("*/bin/initdb"), key=lambda one: int(one.parent.parent.name))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


class Cluster:
    """A running server of our own on 127.0.0.1 and a socket in its folder."""

    def __init__(self, programs: Path) -> None:
        self.programs = programs
        self.folder = Path(tempfile.mkdtemp(prefix="rollcall-pg-"))
        self.data = self.folder / "data"
        self.port = _free_port()
        self.running = False
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            shutil.chown(self.folder, "postgres", "postgres")

    @classmethod
    def start_if_possible(cls) -> Cluster | None:
        """A cluster that answers, and stops at the latest when this process ends; None without
        the server programs."""
        programs = server_programs()
        if programs is None:
            return None
        cluster = cls(programs)
        atexit.register(cluster.stop)
        cluster.start()
        return cluster

    def start(self) -> None:
        """Make the cluster and wait until it answers."""
        self._run("initdb", "-D", self.data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "-N")
        options = f"-p {self.port} -k {self.folder} -h 127.0.0.1 {SETTINGS}"
        log = self.folder / "server.log"
        self._run("pg_ctl", "-D", self.data, "-l", log, "-w", "-o", options, "start")
        self.running = True

    def restart(self) -> None:
        """Stop the server in the middle of what it does, and start it again."""
        self._run(
            "pg_ctl",
            "-D",
            self.data,
            "-l",
            self.folder / "server.log",
            "-w",
            "-m",
            "fast",
            "restart",
        )

    def stop(self) -> None:
        """Stop the server and remove all it stored."""
        try:
            if self.running:
                self._run("pg_ctl", "-D", self.data, "-m", "immediate", "-w", "stop")
                self.running = False
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, database: str) -> str:
        """The address of a database in this cluster."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    @staticmethod
    def create_database(server: str, name: str, like: str = "template1") -> str:
        """Make a database beside the one at this address, empty or `like` another of that server.

        Returns its address.
        """
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{like}"'.encode())
        return f"{server.rpartition('/')[0]}/{name}"

    def _run(self, program: str, *arguments: str | Path) -> None:
        command: list[str | Path] = [self.programs / program, *arguments]
        if os.geteuid() == 0:
            command = ["runuser", "-u", "postgres", "--", *command]
        # the server that pg_ctl leaves behind would hold a pipe open, so words go to a file
        with (self.folder / "programs.log").open("ab") as log:
            subprocess.run(
                command, check=True, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/"
            )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
