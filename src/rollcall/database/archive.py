"""The one file that a backup is: a compressed tar of parts, with a header that vouches for them."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tarfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

HEADER: Final = "backup.json"
FORMAT: Final = 1
LARGEST_HEADER: Final = 10_000_000
"""Bytes; the header names tables and migrations, and holds nobody's data."""


class Damaged(Exception):
    """The file is no backup, or is not as it was written."""


@dataclass(frozen=True, slots=True)
class Header:
    """What a backup says of itself.

    `engine` is `sqlite` or `postgresql`, `migrations` are the applied ones by app and name. `keys`
    are fingerprints of the keys that sealed its secrets; the keys are not in it. `columns` are
    those of each table, `parts` the SHA-256 of each part, by name.
    """

    version: str
    engine: str
    made_at: str
    migrations: tuple[tuple[str, str], ...]
    keys: tuple[str, ...]
    columns: Mapping[str, list[str]]
    parts: Mapping[str, str]


def write(file: Path, parts: Path, header: Mapping[str, Any]) -> None:
    """Pack the files in the folder `parts` into `file`, which is there whole or not at all.

    Raises:
        OSError: it cannot be written.
    """
    names = sorted(part.name for part in parts.iterdir())
    digests = {name: _digest(parts / name) for name in names}
    head = parts / HEADER
    head.write_text(json.dumps({**header, "format": FORMAT, "parts": digests}), encoding="utf-8")
    draft = file.with_name(f"{file.name}.part")
    try:
        with draft.open("xb") as handle:
            with tarfile.open(fileobj=handle, mode="w:gz", compresslevel=3) as tar:
                for name in (HEADER, *names):
                    tar.add(parts / name, arcname=name)
            handle.flush()
            os.fsync(handle.fileno())
        draft.rename(file)
    finally:
        draft.unlink(missing_ok=True)


def unpack(file: Path, folder: Path) -> Header:
    """Put the parts of a backup into the folder, each proven to be as it was written.

    Raises:
        Damaged: see there; nothing but the folder was touched.
    """
    try:
        with tarfile.open(file, mode="r:gz") as tar:
            header = _header(tar)
            for name, digest in header.parts.items():
                _extract(tar, name, folder)
                if _digest(folder / name) != digest:
                    raise Damaged(f"its part {name} is not as it was written")
    except (tarfile.TarError, EOFError, zlib.error, OSError, KeyError) as error:
        raise Damaged(f"it cannot be read as one ({type(error).__name__})") from None
    return header


def _header(tar: tarfile.TarFile) -> Header:
    member = tar.next()
    content = tar.extractfile(member) if member is not None and member.name == HEADER else None
    if content is None:
        raise Damaged("it does not begin as one")
    try:
        said = json.loads(content.read(LARGEST_HEADER))
        if said.pop("format") != FORMAT:
            raise Damaged("it has a format that this version does not know")
        said["migrations"] = tuple((app, name) for app, name in said["migrations"])
        header = Header(**{**said, "keys": tuple(said["keys"])})
    except (ValueError, TypeError, KeyError, AttributeError):
        raise Damaged("its header cannot be read") from None
    # a part is a file of the folder that it is put into, and nothing above or beside it
    if any(Path(name).name != name or name == HEADER for name in header.parts):
        raise Damaged("its header names a place outside of it")
    return header


def _extract(tar: tarfile.TarFile, name: str, folder: Path) -> None:
    content = tar.extractfile(tar.getmember(name))
    if content is None:
        raise Damaged(f"its part {name} is no file")
    with (folder / name).open("xb") as handle:
        shutil.copyfileobj(content, handle)


def _digest(file: Path) -> str:
    with file.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
