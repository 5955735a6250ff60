"""`rollcall` as a person starts it: a process of its own, with settings of its own."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.waiting import PATIENCE

ROLLCALL = str(Path(sys.executable).with_name("rollcall"))
OURS = ("ROLLCALL_", "PERSONIO_", "JUMPCLOUD_", "DJANGO_")


@dataclass(frozen=True)
class Terminal:
    """A shell with a data folder and settings; commands are run in it."""

    folder: Path
    settings: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def prepared(cls, folder: Path, made: Path, settings: Mapping[str, str]) -> Terminal:
        """A shell whose data folder holds what `made` does: the tables, and nobody in them."""
        shutil.copytree(made, folder, dirs_exist_ok=True)
        return cls(folder, settings)

    def with_settings(self, **more: str) -> Terminal:
        """The same shell with more settings, or other ones."""
        return Terminal(self.folder, {**self.settings, **more})

    def environment(self) -> dict[str, str]:
        """What the commands see: nothing of ours but these settings."""
        outer = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        ours = {
            "ROLLCALL_DATA_DIR": str(self.folder),
            "ROLLCALL_ALLOWED_ADDRESSES": "http://127.0.0.1:*",  # for what is typed in the portal
        }
        return {**outer, **ours, **self.settings}

    def run(self, *words: str, timeout: float = 240) -> subprocess.CompletedProcess[str]:
        """Run `rollcall` with these words to its end."""
        return subprocess.run(
            [ROLLCALL, *words],
            cwd=self.folder,
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    def json(self, *words: str, status: Sequence[int] = (0, 1)) -> Any:
        """Run `rollcall` with these words and `--json`; what it printed."""
        done = self.run(*words, "--json")
        assert done.returncode in status, done.stderr
        assert done.stdout, done.stderr
        return json.loads(done.stdout)

    def users(self, *words: str) -> list[dict[str, Any]]:
        """The users that `rollcall users` prints for machines."""
        done = self.run("users", "--json", *words)
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    def start(self, *words: str) -> subprocess.Popen[str]:
        """Start `rollcall` with these words and leave it running."""
        return subprocess.Popen(
            [ROLLCALL, *words],
            cwd=self.folder,
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    @contextmanager
    def running(self, *words: str) -> Iterator[subprocess.Popen[str]]:
        """`rollcall` with these words while the context lasts; ended with it, whatever happens."""
        with self.start(*words) as process:
            try:
                yield process
            finally:
                end(process)


def end(process: subprocess.Popen[Any]) -> None:
    """Ask a process to stop, also one that was halted, and wait until it has."""
    process.send_signal(signal.SIGCONT)
    process.terminate()
    try:
        process.wait(timeout=PATIENCE)
    finally:
        process.kill()


def halt(process: subprocess.Popen[Any], file: Path) -> None:
    """Halt a process that writes to this file of SQLite, where it is not just writing.

    Halted with the file's one lock in its hand it would let nobody else write until it goes on.
    """
    with closing(sqlite3.connect(file, timeout=PATIENCE, isolation_level=None)) as our_turn:
        our_turn.execute("BEGIN IMMEDIATE")
        process.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, process.pid, os.WSTOPPED | os.WNOWAIT)
        our_turn.execute("ROLLBACK")


@contextmanager
def sandbox(*options: str) -> Iterator[dict[str, str]]:
    """A sandbox Personio in a process of its own; the settings that lead an import to it."""
    words = [ROLLCALL, "sandbox", "--port", "0", "--json", *options]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout is not None
    try:
        said = json.loads(process.stdout.readline())
        yield {
            "PERSONIO_ACCOUNT": "sandbox",
            "PERSONIO_URL": said["url"],
            "PERSONIO_CLIENT_ID": said["client_id"],
            "PERSONIO_CLIENT_SECRET": said["client_secret"],
        }
    finally:
        end(process)
        process.stdout.close()


def people(terminal: Terminal) -> list[dict[str, Any]]:
    """Everybody in the directory, without the ids and times of its own; managers by username."""
    users = terminal.users()
    usernames = {user["_id"]: user["username"] for user in users}
    for user in users:
        for name in ("id", "_id", "created", "organization"):
            del user[name]
        user["manager"] = usernames.get(user["manager"])
    return sorted(users, key=lambda user: str(user["username"]))
