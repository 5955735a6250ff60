"""A file that takes events: lines are added at its end, whole ones alone."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rollcall.audit.streaming.errors import NotTaken

LONGEST_LINE: Final = 4 * 2**20
"""How far back from the end a line that was broken off may have begun."""


@dataclass(frozen=True, slots=True)
class LinesFile:
    """A file of lines. It is opened for each batch, so that a program may move it away meanwhile
    (`logrotate`, say); the next batch then begins a new one."""

    path: Path

    def take(self, lines: bytes) -> None:
        """Write these lines, and wait until they are on the disk.

        Raises:
            NotTaken: the file cannot be written.
        """
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            # No link is followed: whoever may write the folder must not choose what is written to.
            flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0)
            descriptor = os.open(self.path, flags, 0o600)
            with os.fdopen(descriptor, "r+b", buffering=0) as file:
                if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                    raise NotTaken("NoFile")
                _drop_half_a_line(descriptor)
                _write(descriptor, lines)
                os.fsync(file.fileno())
        except OSError as error:
            raise NotTaken(type(error).__name__) from None


def _write(descriptor: int, lines: bytes) -> None:
    left = memoryview(lines)
    while left:
        left = left[os.write(descriptor, left) :]


def _drop_half_a_line(descriptor: int) -> None:
    """Cut off what a process left behind that was killed as it wrote; it is written again."""
    size = os.lseek(descriptor, 0, os.SEEK_END)
    if not size or _read(descriptor, size - 1, 1) == b"\n":
        return
    start = max(0, size - LONGEST_LINE)
    whole = _read(descriptor, start, size - start).rfind(b"\n") + 1
    os.ftruncate(descriptor, start + whole)


def _read(descriptor: int, start: int, count: int) -> bytes:
    os.lseek(descriptor, start, os.SEEK_SET)
    content = b""
    while len(content) < count and (part := os.read(descriptor, count - len(content))):
        content += part
    return content
