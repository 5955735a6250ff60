"""The process that carries out runs: its name, its heartbeat, and who of the others is dead."""

from __future__ import annotations

import logging
import os
import socket
import threading
import uuid
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.db import DatabaseError, connection, connections
from django.utils import timezone

from rollcall.jobs.models import Worker

log = logging.getLogger(__name__)

BEAT_SECONDS = 5.0
SILENCE_SECONDS = 30.0
"""A process on another machine that was not heard of for so long is taken for dead."""


@dataclass(frozen=True, slots=True)
class Identity:
    """This process: a name of its own at every start, its machine, its pid and start time."""

    executor: str
    host: str
    pid: int
    process_started: float

    @classmethod
    def new(cls) -> Identity:
        """A new identity for the process that asks."""
        pid = os.getpid()
        return cls(str(uuid.uuid4()), socket.gethostname(), pid, process_start(pid))


_this_process: list[Identity] = []


def this_process() -> Identity:
    """Who this process is; a name of its own is made when it is asked for first."""
    if not _this_process:
        _this_process.append(Identity.new())
    return _this_process[0]


def process_start(pid: int) -> float:
    """When the process began, in the kernel's ticks; 0 where the system does not tell."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0.0
    state_and_on = text.rpartition(")")[2].split()
    # A zombie still has its entry, but nothing of it will ever run again.
    return -1.0 if state_and_on[0] == "Z" else float(state_and_on[19])


class Heartbeat:
    """Writes down every few seconds that this process lives, until it is stopped."""

    def __init__(self, identity: Identity) -> None:
        self._identity = identity
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="heartbeat", daemon=True)

    def start(self) -> None:
        """Beat once now, and from then on in the background."""
        beat(self._identity)
        self._thread.start()

    def stop(self) -> None:
        """Stop beating and sign off, so that nobody waits for this process."""
        self._stop.set()
        self._thread.join(timeout=BEAT_SECONDS)
        Worker.objects.filter(pk=self._identity.executor).delete()

    def _run(self) -> None:
        try:
            while not self._stop.wait(BEAT_SECONDS):
                self._beat_if_possible()
        finally:
            connections.close_all()

    def _beat_if_possible(self) -> None:
        """A database that is away for a moment must not end the heart for good."""
        try:
            beat(self._identity)
        except DatabaseError as error:
            log.warning("this process could not write down that it lives: %s", type(error).__name__)
            connections.close_all()


def beat(identity: Identity) -> None:
    """Write down that the process lives."""
    Worker.objects.update_or_create(
        executor=identity.executor,
        defaults={
            "host": identity.host,
            "pid": identity.pid,
            "process_started": identity.process_started,
            "beat_at": timezone.now(),
        },
    )


def is_dead(executor: str) -> bool:
    """Whether the process of this name is gone; one that signed off or was never known is."""
    worker = Worker.objects.filter(pk=executor).first()
    if worker is None:
        return True
    if worker.host == socket.gethostname() and worker.process_started > 0:
        return process_start(worker.pid) != worker.process_started
    return bool(timezone.now() - worker.beat_at > timedelta(seconds=SILENCE_SECONDS))


def system_database_url() -> str:
    """Where DBOS keeps its checkpoints: beside our SQLite file, or in our PostgreSQL database."""
    chosen = connection.settings_dict
    if connection.vendor == "sqlite":
        file = Path(str(chosen["NAME"]))
        return f"sqlite:///{file.with_name(file.stem + '.dbos.db')}"
    return _postgres_url(chosen)


def _postgres_url(chosen: dict[str, object]) -> str:
    from urllib.parse import quote, urlencode

    user = quote(str(chosen.get("USER") or ""), safe="")
    password = quote(str(chosen.get("PASSWORD") or ""), safe="")
    login = f"{user}:{password}@" if password else f"{user}@" if user else ""
    host, port = str(chosen.get("HOST") or ""), chosen.get("PORT")
    options = chosen.get("OPTIONS")
    query = {key: value for key, value in (options or {}).items() if isinstance(value, str)}  # type: ignore[attr-defined]
    if host.startswith("/"):
        query["host"], host = host, ""
    place = f"{host}:{port}" if port and host else host
    if port and not host:
        query["port"] = str(port)
    return f"postgresql://{login}{place}/{chosen['NAME']}" + (
        f"?{urlencode(query)}" if query else ""
    )
