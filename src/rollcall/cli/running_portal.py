"""Where the portal is that runs on this data folder now, for the links of other commands."""

from __future__ import annotations

import socket
from contextlib import suppress
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

FILE: Final = "portal.address"


def note(data_dir: Path, address: str) -> None:
    """Write down where the portal can be reached from now on."""
    with suppress(OSError):  # a folder that cannot be written costs others the right link only
        (data_dir / FILE).write_text(f"{address}\n", encoding="utf-8")


def find(data_dir: Path) -> str:
    """The address of the portal that runs now; "" where none answers."""
    try:
        address = (data_dir / FILE).read_text(encoding="utf-8").strip()
        parts = urlsplit(address)
        where = parts.hostname or "", parts.port or 80
        # it may have been killed, and its note be left
        socket.create_connection(where, timeout=0.5).close()
    except (OSError, ValueError):
        return ""
    return address
