"""The keys that seal this installation's secrets: one a line in the data folder, newest first."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings

from rollcall.core.drafts import draft_of
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
    with _draft(lines) as draft:
        draft.replace(key_file())


def _make() -> None:
    with _draft([Fernet.generate_key().decode()]) as draft, contextlib.suppress(FileExistsError):
        os.link(draft, key_file())  # whoever comes first wins; the others read the winner's key


@contextlib.contextmanager
def _draft(lines: list[str]) -> Iterator[Path]:
    with draft_of(key_file()) as draft:
        draft.write(("\n".join(lines) + "\n").encode("ascii"))
        # on the disk before anything is sealed with it
        draft.flush()
        os.fsync(draft.fileno())
        yield Path(draft.name)
