"""The keys of this installation: made at first use, kept in the data folder, never in the code."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from rollcall.core.sections import ConfigurationError


def secret_key(chosen: str, data_dir: Path) -> str:
    """Django's secret key: the one that was chosen, else a file only its owner can read.

    Raises:
        ConfigurationError: the file is damaged.
    """
    return chosen or _kept(data_dir / "secret.key")


def _kept(file: Path) -> str:
    try:
        return _read(file)
    except FileNotFoundError:
        pass
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    # Closed to others from its first moment on: a mode set afterwards comes too late.
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as handle:
        handle.write(secrets.token_urlsafe(48))
    try:
        os.link(draft, file)  # whoever comes first wins; the others read the winner's key
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return _read(file)


def _read(file: Path) -> str:
    try:
        key = file.read_text(encoding="ascii").strip()
    except UnicodeDecodeError:
        key = ""
    if not key:
        raise ConfigurationError(
            f"{file.name} in the data folder is damaged: delete it, and everybody signs in again"
        )
    return key
