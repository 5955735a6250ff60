"""The e-mails that are files, where no mail server is set: those to a person are deleted."""

from __future__ import annotations

from collections.abc import Collection
from email.parser import BytesHeaderParser
from email.utils import getaddresses
from pathlib import Path

from django.conf import settings

LARGEST = 1_000_000
"""Bytes of a file that is looked into; none that Rollcall writes comes near it."""
SEPARATOR = b"\n" + b"-" * 79 + b"\n"
"""What Django writes after each e-mail of a file."""


def erase(addresses: Collection[str]) -> int:
    """Delete the files with an e-mail to one of these addresses; how many there were."""
    folder = getattr(settings, "EMAIL_FILE_PATH", None)
    if not folder or not addresses or not Path(folder).is_dir():
        return 0
    files = [file for file in Path(folder).glob("*.log") if _recipients(file) & set(addresses)]
    for file in files:
        file.unlink(missing_ok=True)
    return len(files)


def _recipients(file: Path) -> set[str]:
    try:
        with file.open("rb") as content:
            messages = content.read(LARGEST).split(SEPARATOR)
    except OSError:  # another one deleted it
        return set()
    heads = [BytesHeaderParser().parsebytes(message) for message in messages]
    fields = [str(value) for head in heads for value in head.get_all("To", [])]
    return {address.lower() for _, address in getaddresses(fields)}
