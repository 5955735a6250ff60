"""Which country an address is in, by a database in MaxMind's format that the administrator brings.

No such file comes with Rollcall. Without a usable one no country is known, and what is not known
never counts as true.
"""

from __future__ import annotations

import enum
import io
import ipaddress
import stat
import struct
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from django.conf import settings
from maxminddb import MODE_FD
from maxminddb.reader import Reader

LARGEST: Final = 200_000_000
"""Bytes of a file that is read; one of all countries has about a tenth of that."""

BROKEN: Final = (
    ArithmeticError,
    AttributeError,
    LookupError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
    struct.error,
)
"""What reading a file that is damaged, or another one, may end in."""


class Problem(enum.StrEnum):
    """Why no country is known."""

    NONE_SET = "none_set"
    MISSING = "missing"
    TOO_LARGE = "too_large"
    MALFORMED = "malformed"


@dataclass(frozen=True, slots=True)
class Countries:
    """The file as it is now: when it was built, or why it cannot be used."""

    built: date | None = None
    problem: Problem | None = None
    reader: Reader | None = None

    def of(self, address: str) -> str | None:
        """The country of an IP address (ISO 3166, two capitals); None where it is not known."""
        if self.reader is None:
            return None
        try:
            ip = ipaddress.ip_address(address)
            record = self.reader.get(getattr(ip, "ipv4_mapped", None) or ip)
        except BROKEN:
            return None
        return _code(record)


_NONE_SET: Final = Countries(problem=Problem.NONE_SET)
_known: tuple[tuple[Path, int, int], Countries] | None = None


def of(address: str) -> str | None:
    """The country of an IP address (ISO 3166, two capitals); None where it is not known."""
    return current().of(address) if address else None


def current() -> Countries:
    """What the file that is set says now; it is read anew once it has been replaced."""
    global _known
    if not settings.COUNTRY_FILE:
        return _NONE_SET
    path = Path(settings.COUNTRY_FILE)
    try:
        found = path.stat()
    except (OSError, ValueError):
        return Countries(problem=Problem.MISSING)
    if not stat.S_ISREG(found.st_mode):  # a pipe would be waited for
        return Countries(problem=Problem.MISSING)
    stamp = (path, found.st_mtime_ns, found.st_size)
    known = _known
    if known is None or known[0] != stamp:
        known = _known = (stamp, read(path))
    return known[1]


def read(path: Path) -> Countries:
    """The file, read whole.

    Read and not mapped into memory: a file that is replaced in its place while it is mapped ends
    the process.
    """
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError:
        return Countries(problem=Problem.MISSING)
    if len(content) > LARGEST:
        return Countries(problem=Problem.TOO_LARGE)
    try:
        # The reader in Python: the one in C believes more of what a damaged file says.
        reader = Reader(io.BytesIO(content), MODE_FD)
        built = datetime.fromtimestamp(int(reader.metadata().build_epoch), UTC).date()
    except BROKEN:
        return Countries(problem=Problem.MALFORMED)
    return Countries(built, None, reader)


def _code(record: object) -> str | None:
    """The country in a record: MaxMind's and DB-IP's nest it, IPinfo's and others' do not."""
    if not isinstance(record, dict):
        return None
    country = record.get("country", record.get("country_code"))
    code = country.get("iso_code") if isinstance(country, dict) else country
    if not isinstance(code, str) or len(code) != 2 or not (code.isascii() and code.isalpha()):
        return None
    return code.upper()
