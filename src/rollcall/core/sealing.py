"""Secrets at rest: sealed with this installation's keys, opened only where they are used."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

from rollcall.core.errors import Problem

KEY_FILE = "sealing.key"


class SealBroken(Problem):
    """What was sealed cannot be opened, or nothing can be sealed: a key is gone or damaged."""


def seal(text: str) -> bytes:
    """The text encrypted with the newest key.

    Raises:
        SealBroken: the file of the keys is damaged.
    """
    return seal_bytes(text.encode())


def seal_bytes(content: bytes) -> bytes:
    """The content encrypted with the newest key.

    Raises:
        SealBroken: see `seal`.
    """
    return _keys().encrypt(content)


def unseal(sealed: bytes) -> str:
    """The text that was sealed, whichever of the installation's keys sealed it.

    Raises:
        SealBroken: no key opens it, or the file of the keys is damaged.
    """
    return unseal_bytes(sealed).decode()


def unseal_bytes(sealed: bytes) -> bytes:
    """The content that was sealed.

    Raises:
        SealBroken: see `unseal`.
    """
    try:
        return _keys().decrypt(bytes(sealed))
    except InvalidToken:
        raise SealBroken(
            "a stored secret cannot be opened with the keys in this data folder; enter it again"
        ) from None


def _keys() -> MultiFernet:
    """The keys, newest first: one a line in `sealing.key`, so that a new one can be put on top."""
    file = Path(settings.DATA_DIR) / KEY_FILE
    if not file.exists():
        _make(file)
    try:
        return MultiFernet([Fernet(line) for line in file.read_text(encoding="ascii").split()])
    except ValueError:
        raise SealBroken(
            f"{KEY_FILE} in the data folder is damaged: put back a copy of it, or move it away and "
            "enter the stored credentials again"
        ) from None


def _make(file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as handle:
        handle.write(Fernet.generate_key().decode() + "\n")
    with contextlib.suppress(FileExistsError):
        os.link(draft, file)  # whoever comes first wins; the others read the winner's key
    draft.unlink()
