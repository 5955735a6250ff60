"""What an administrator may set from outside: environment variables, else `rollcall.toml`."""

from __future__ import annotations

import os
import socket
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

FILE_NAME = "rollcall.toml"


class ConfigurationError(Exception):
    """A setting cannot be used; the message names it and says what would do."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """Where Rollcall keeps its data and which database holds it.

    `data_dir` holds the SQLite files and the keys; `database_url` is a `sqlite:///` or
    `postgresql://` URL. `values` are all settings found, by their environment name.
    """

    data_dir: Path
    database_url: str
    values: Mapping[str, str]

    def get(self, name: str, default: str = "") -> str:
        """The setting's value, by its environment name (`PERSONIO_URL`)."""
        return self.values.get(name) or default

    def whole_number(self, name: str, default: int) -> int:
        """The setting as a whole number from 1 on.

        Raises:
            ConfigurationError: it is something else.
        """
        text = self.get(name, str(default))
        if not (text.isascii() and text.isdigit() and 0 < int(text) < 100_000):
            raise ConfigurationError(f"{name}: `{text}` is not a whole number from 1 to 99999")
        return int(text)

    def base_url(self) -> str:
        """The portal's public address without trailing slash; empty where none is set.

        Raises:
            ConfigurationError: it is not an http or https address.
        """
        url = self.get("ROLLCALL_BASE_URL").rstrip("/")
        try:
            parts = urlsplit(url)
            _ = parts.port  # a port that is no number shows only when it is asked for
        except ValueError:
            parts = urlsplit("")
        if url and not (parts.scheme in ("http", "https") and parts.hostname):
            raise ConfigurationError(
                "ROLLCALL_BASE_URL must be an address like https://rollcall.example.org"
            )
        return url

    def time_zone(self) -> str:
        """The time zone of shown times, by its name in the tz database.

        Raises:
            ConfigurationError: there is none of this name.
        """
        name = self.get("ROLLCALL_TIME_ZONE", "UTC")
        try:
            return ZoneInfo(name).key
        except (ValueError, OSError, ZoneInfoNotFoundError):
            raise ConfigurationError(
                f"ROLLCALL_TIME_ZONE: there is no time zone `{name}`; write one like Europe/Berlin"
            ) from None


def load(environ: Mapping[str, str] = os.environ, folder: Path | None = None) -> Configuration:
    """Read the settings: the environment wins over `rollcall.toml` in `folder` (default: here).

    A key in the file is the environment name in lower case; one of Rollcall's own may leave the
    prefix out: `data_dir = "data"` is `ROLLCALL_DATA_DIR`.

    Raises:
        ConfigurationError: the file cannot be read, is not TOML, or holds a value that is not text
            or a number; or `ROLLCALL_CONFIG` names a file that is not there.
    """
    folder = folder or Path.cwd()
    file = _named_file(environ) or folder / FILE_NAME
    values = {**_from_file(file), **{key: value for key, value in environ.items() if value}}
    data_dir = Path(values.get("ROLLCALL_DATA_DIR") or _default_data_dir(environ)).expanduser()
    data_dir = data_dir if data_dir.is_absolute() else folder / data_dir
    url = values.get("ROLLCALL_DATABASE_URL") or f"sqlite:///{data_dir / 'rollcall.db'}"
    return Configuration(data_dir=data_dir, database_url=url, values=values)


def allowed_hosts(found: Configuration) -> list[str]:
    """The host names that Rollcall answers to: links in e-mails are made of them.

    `ROLLCALL_ALLOWED_HOSTS` where set (names with commas between, `*` for any); else this machine
    and the host of `ROLLCALL_BASE_URL`.
    """
    if named := found.get("ROLLCALL_ALLOWED_HOSTS"):
        return [one.strip() for one in named.split(",")]
    base = urlsplit(found.base_url()).hostname
    local = ["localhost", "127.0.0.1", "[::1]", socket.gethostname().lower()]
    return [*local, base] if base else local


def _named_file(environ: Mapping[str, str]) -> Path | None:
    named = environ.get("ROLLCALL_CONFIG")
    if not named:
        return None
    file = Path(named).expanduser()
    if not file.is_file():
        raise ConfigurationError(f"ROLLCALL_CONFIG names `{named}`, and there is no such file")
    return file


def _from_file(file: Path) -> dict[str, str]:
    if not file.is_file():
        return {}
    try:
        content: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigurationError(f"{file.name} cannot be read: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{file.name} is not valid TOML: {error}") from None
    values: dict[str, str] = {}
    for key, value in content.items():
        if not isinstance(value, str | int | float):
            raise ConfigurationError(f"{file.name}: `{key}` must be a text or a number")
        name = key.upper()
        known = name.startswith(("ROLLCALL_", "PERSONIO_", "JUMPCLOUD_"))
        values[name if known else f"ROLLCALL_{name}"] = str(value)
    return values


def _default_data_dir(environ: Mapping[str, str]) -> Path:
    base = environ.get("XDG_DATA_HOME")
    return (Path(base) if base else Path.home() / ".local" / "share") / "rollcall"
