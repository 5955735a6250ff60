"""Which file to read: where it is, or what stood in it, and how its columns are called."""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, Self

from rollcall.sources.base import account_key
from rollcall.sources.csv import columns
from rollcall.sources.errors import SettingsError, SourceMisbehaved

KIND_KEY: Final = "csv"
LARGEST: Final = 512 * 1024 * 1024
"""Bytes of a file that is read from disk."""
LARGEST_KEPT: Final = 64 * 1024 * 1024
"""Bytes of a file that is kept with the run, for whichever worker carries it out."""
DEFAULT_NAME: Final = "people"
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,31}")


@dataclass(frozen=True, slots=True)
class CsvAccount:
    """A file of employees.

    `name` says whose employees' ids these are: next month's file of the same people has the same
    one. `path` is where the file is; where it was uploaded, `packed` is its content, compressed,
    and `path` only how it was called. `column_names` is as `columns.parse` reads it; where it is
    empty, columns are recognized by their headings.
    """

    name: str
    path: str
    column_names: str = ""
    packed: bytes = field(default=b"", repr=False)

    @property
    def key(self) -> str:
        """The name of the list of people."""
        return account_key(KIND_KEY, self.name)

    @property
    def address(self) -> str:
        """What the file is called."""
        return Path(self.path).name

    @classmethod
    def of(cls, values: Mapping[str, str]) -> Self:
        """The file that these settings name, by their variables.

        Raises:
            SettingsError: no file is named, or a setting cannot be used.
        """
        path = values.get("ROLLCALL_CSV_FILE", "").strip()
        if not path:
            raise SettingsError(
                "name the file to import: rollcall import --source csv people.csv",
                "ROLLCALL_CSV_FILE",
            )
        name = _name(values.get("ROLLCALL_CSV_NAME", ""))
        names = values.get(columns.VARIABLE, "").strip()
        columns.parse(names)
        # Absolute, since the run may be carried out by a worker that stands in another directory.
        return cls(name, str(Path(path).expanduser().absolute()), names)

    @classmethod
    def uploaded(cls, name: str, filename: str, content: bytes, column_names: str = "") -> Self:
        """A file that was handed over as a whole.

        Raises:
            SettingsError: it is larger than `LARGEST_KEPT`, or the name cannot be used.
        """
        if len(content) > LARGEST_KEPT:
            raise SettingsError(
                f"the file has {len(content) // 2**20} MiB; at most {LARGEST_KEPT // 2**20} MiB "
                "can be uploaded: import it with `rollcall import --source csv` instead",
                "ROLLCALL_CSV_FILE",
            )
        # Packed before it is sealed with the run: what is encrypted cannot be packed any more.
        return cls(_name(name), filename, column_names, zlib.compress(content))

    def content(self) -> bytes:
        """The bytes of the file.

        Raises:
            SourceMisbehaved: it is not there, cannot be read, or is too large.
        """
        if self.packed:
            return zlib.decompress(self.packed, bufsize=LARGEST_KEPT)
        try:
            file = Path(self.path)
            # Asked before it is read: what is too large must not be in memory first.
            if file.stat().st_size > LARGEST:
                raise SourceMisbehaved(f"{file.name} has more than {LARGEST // 2**20} MiB")
            return file.read_bytes()
        except OSError as error:
            raise SourceMisbehaved(f"{self.address} cannot be read: {error.strerror}") from None


def _name(text: str) -> str:
    name = text.strip() or DEFAULT_NAME
    if not _NAME.fullmatch(name):
        raise SettingsError(
            f"ROLLCALL_CSV_NAME: `{name}` must be at most 32 letters, digits and hyphens",
            "ROLLCALL_CSV_NAME",
        )
    return name


def with_columns(account: CsvAccount, headings: Mapping[str, str]) -> CsvAccount:
    """The same file with these headings by attribute; "" where no column holds it."""
    return replace(account, column_names=columns.text_of(columns.Columns(headings)))


def to_record(account: CsvAccount) -> dict[str, Any]:
    """The account as JSON-able data."""
    return {
        "name": account.name,
        "path": account.path,
        "column_names": account.column_names,
        # JSON knows no bytes.
        "packed": base64.b64encode(account.packed).decode("ascii"),
    }


def from_record(record: Mapping[str, Any]) -> CsvAccount:
    """The account that `to_record` wrote down."""
    packed = base64.b64decode(record["packed"])
    return CsvAccount(record["name"], record["path"], record["column_names"], packed)
