"""Addresses of static files that change with the file's content, without a build step."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage


class PackageStorage(StaticFilesStorage):
    """Serves from the installed packages; browsers may keep a file until its content changes."""

    def url(self, name: str | None, force: bool = False) -> str:
        """The file's address with a fingerprint of its content."""
        address = super().url(name)
        mark = _fingerprint(name or "")
        return f"{address}?v={mark}" if mark else address


# The files of an installed package stay as they are while the process runs.
@cache
def _fingerprint(name: str) -> str:
    path = finders.find(name)
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:12] if path else ""
