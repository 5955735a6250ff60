"""The keys of this installation: made at first use, kept in the data folder, never in the code."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

from rollcall.core.drafts import draft_of
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
    with draft_of(file) as draft:
        draft.write(secrets.token_urlsafe(48).encode("ascii"))
        draft.flush()
        with contextlib.suppress(FileExistsError):
            os.link(draft.name, file)  # whoever comes first wins; the others read the winner's key
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
