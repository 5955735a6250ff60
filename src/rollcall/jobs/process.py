"""This process as others know it: its name, its machine, its pid, and what is at work in it."""

from __future__ import annotations

import os
import socket
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rollcall.jobs.errors import TakenOver

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
STOPPED = -2.0
"""What `process_start` says of a process that a signal has stopped."""


@dataclass(frozen=True, slots=True)
class Identity:
    """This process: a name of its own at every start, its machine, its pid and start time.

    `place` is where the pid means something, "" where that is not known.
    """

    executor: str
    host: str
    place: str
    pid: int
    process_started: float

    @classmethod
    def new(cls) -> Identity:
        """A new identity for the process that asks."""
        pid = os.getpid()
        # Not made of host and pid: both come again after a restart, and a name must never.
        name = str(uuid.uuid4())
        return cls(name, socket.gethostname(), pid_place(), pid, process_start(pid))


_this_process: list[Identity] = []
_carried: set[str] = set()
_lock = threading.Lock()


def this_process() -> Identity:
    """Who this process is; a name of its own is made when it is asked for first."""
    if not _this_process:
        _this_process.append(Identity.new())
    return _this_process[0]


def pid_place() -> str:
    """Where pids mean what they mean here: the start of the kernel and the name space in it.

    Two containers may have one host name, and in both of them the process is number 1.
    """
    try:
        boot = BOOT_ID.read_text(encoding="ascii").strip()
        space = str(Path("/proc/self/ns/pid").readlink())
        # a name space of its own beside the outer one's /proc: that tells of other processes
        own = Path("/proc/self").readlink().name == str(os.getpid())
    except OSError:
        return ""
    return f"{boot} {space}" if own else ""


def process_start(pid: int) -> float:
    """When the process began, in the kernel's ticks; 0 where the system does not tell.

    Negative for one that is over (a zombie), or stopped (`STOPPED`).
    """
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0.0
    # From the last bracket on: the program's name before it may hold blanks and brackets itself.
    state_and_on = text.rpartition(")")[2].split()
    # A zombie still has its entry, but nothing of it will ever run again.
    special = {"Z": -1.0, "X": -1.0, "T": STOPPED, "t": STOPPED}
    return special.get(state_and_on[0], float(state_and_on[19]))


@contextmanager
def carrying(key: str) -> Iterator[None]:
    """Carry out this work while the context lasts; one thread of a process does so at a time.

    Raises:
        TakenOver: another thread of this process is still at it.
    """
    with _lock:
        if key in _carried:
            raise TakenOver("another thread of this process is at the work")
        _carried.add(key)
    try:
        yield
    finally:
        with _lock:
            _carried.discard(key)


def carried() -> list[str]:
    """The keys of the work that this process is at."""
    with _lock:
        return sorted(_carried)
