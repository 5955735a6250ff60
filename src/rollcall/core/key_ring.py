"""The keys that seal this installation's secrets: one a line in the data folder, newest first."""

from __future__ import annotations

import contextlib
import hashlib
import os
from pathlib import Path
from typing import Final

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings

from rollcall.core.errors import Problem

KEY_FILE: Final = "sealing.key"


class SealBroken(Problem):
    """What was sealed cannot be opened, or nothing can be sealed: a key is gone or damaged."""


def key_file() -> Path:
    """Where the keys are kept; other copies of Rollcall on one database need the same file."""
    return Path(settings.DATA_DIR) / KEY_FILE


def ring() -> MultiFernet:
    """All keys: the newest seals, each of them opens. Read anew, since another process may add one.

    Raises:
        SealBroken: the file is damaged.
    """
    return MultiFernet(_keys())


def newest() -> Fernet:
    """The key that seals.

    Raises:
        SealBroken: the file is damaged.
    """
    return _keys()[0]


def fingerprints() -> list[str]:
    """What tells each key from any other and opens nothing, the newest first.

    Raises:
        SealBroken: the file is damaged.
    """
    _keys()
    return [hashlib.sha256(line.encode()).hexdigest()[:16] for line in _lines()]


def size() -> int:
    """How many keys there are; more than one while a rotation is under way.

    Raises:
        SealBroken: the file is damaged.
    """
    return len(_keys())


def add() -> None:
    """Make a new key, which seals from now on.

    Raises:
        SealBroken: the file is damaged.
    """
    _keys()
    _write([Fernet.generate_key().decode(), *_lines()])


def keep_newest() -> None:
    """Forget all keys but the one that seals.

    Raises:
        SealBroken: the file is damaged.
    """
    _keys()
    _write(_lines()[:1])


def _keys() -> list[Fernet]:
    if not key_file().exists():
        _make()
    try:
        keys = [Fernet(line) for line in _lines()]
    except ValueError:
        keys = []
    if not keys:
        raise SealBroken(
            f"{KEY_FILE} in the data folder is damaged: put back a copy of it, or move it away and "
            "enter the stored credentials again"
        )
    return keys


def _lines() -> list[str]:
    return key_file().read_text(encoding="ascii").split()


def _write(lines: list[str]) -> None:
    # a reader sees the old file or the new one, never half of it
    _draft(lines).replace(key_file())


def _make() -> None:
    draft = _draft([Fernet.generate_key().decode()])
    with contextlib.suppress(FileExistsError):
        os.link(draft, key_file())  # whoever comes first wins; the others read the winner's key
    draft.unlink()


def _draft(lines: list[str]) -> Path:
    file = key_file()
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    # Closed to others from its first moment on, and on the disk before anything is sealed with it.
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as handle:
        handle.write("\n".join(lines) + "\n")
        handle.flush()
        os.fsync(handle.fileno())
    return draft
