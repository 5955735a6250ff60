"""What an administrator may set from outside: environment variables, else `rollcall.toml`."""

from __future__ import annotations

import ipaddress
import os
import re
import socket
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, TypeAlias
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, SecretStr
from pydantic_settings import SettingsConfigDict

from rollcall.core import settings_file
from rollcall.core.outgoing import addresses
from rollcall.core.sections import (
    ConfigurationError,
    Form,
    Secret,
    Section,
    Without,
    checked,
    web_address,
)

__all__ = ["Configuration", "ConfigurationError", "Installation", "allowed_hosts", "load"]


Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network


def _time_zone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (ValueError, OSError, ZoneInfoNotFoundError):
        raise ValueError(
            f"names `{name}`, and there is no such time zone; write one like Europe/Berlin"
        ) from None


def _networks(text: str) -> str:
    return ",".join(str(network) for network in networks(text))


def networks(text: str) -> list[Network]:
    """The addresses and networks of a list with commas between.

    Raises:
        ValueError: one of them is none; it holds a host's bits beside a network's.
    """
    parts = [part.strip() for part in text.split(",")]
    return [ipaddress.ip_network(part) for part in parts if part]


def _reachable(text: str) -> str:
    addresses.entries(text)
    return text


class Installation(Section):
    """Rollcall itself: where its data is, and where people reach it."""

    model_config = SettingsConfigDict(env_prefix="ROLLCALL_")

    config: Annotated[
        str, Without("`rollcall.toml` in the data folder, else in `~/.config/rollcall`")
    ] = Field("", description="The settings file; only from the environment.")
    data_dir: Annotated[str, Without("`~/.local/share/rollcall`")] = Field(
        "", description="The folder of the SQLite files, the keys, and e-mails without a server."
    )
    database_url: Annotated[
        Secret,
        Form("`sqlite:///folder/rollcall.db` or `postgresql://user:password@host:5432/database`"),
        Without("an SQLite file in the data folder"),
    ] = Field(
        SecretStr(""),
        description="The database. PostgreSQL lets any number of processes and machines share it.",
    )
    secret_key: Annotated[Secret, Without("one made in the data folder")] = Field(
        SecretStr(""), description="The key that signs sessions and one-time links."
    )
    base_url: Annotated[
        str,
        *checked("an address like https://rollcall.example.org", web_address),
        Without("the server's address"),
    ] = Field(
        "",
        description="Where people and programs reach Rollcall: links in e-mails begin with it. "
        "With `https`, cookies are for https alone and browsers are told to insist on it.",
    )
    trusted_proxies: Annotated[
        str,
        *checked("addresses or networks with commas between, like 10.0.0.5, fd00::/8", _networks),
        Without("none"),
    ] = Field(
        "",
        description="The reverse proxies whose `X-Forwarded-For`, `-Proto` and `-Host` are "
        "believed; from anybody else they are ignored.",
    )
    allowed_hosts: Annotated[
        str,
        Form("host names with commas between, or `*` for any"),
        Without("this machine's, and the base URL's"),
    ] = Field(
        "",
        description="The host names that Rollcall answers to; a forged one would get into links.",
    )
    allowed_addresses: Annotated[
        str,
        *checked(
            "addresses like https://hr.example.org or http://127.0.0.1:* with commas between",
            _reachable,
        ),
        Without("the vendors' own"),
    ] = Field(
        "",
        description="The addresses that imports may reach beside the vendors' own, and beside "
        "those that their own settings name (`…_URL`): https, or plain http to this machine. "
        "Without a port its usual one, with `*` any.",
    )
    time_zone: Annotated[str, *checked("a time zone by name, like Europe/Berlin", _time_zone)] = (
        Field("UTC", description="The time zone of shown times.")
    )
    keep_runs_days: int = Field(
        400,
        ge=1,
        le=99_999,
        description="How many days the changes of runs, the audit log and the directory's change "
        "feed are kept.",
    )


@dataclass(frozen=True, slots=True)
class Configuration:
    """Where Rollcall keeps its data and which database holds it.

    `data_dir` holds the SQLite files and the keys; `file` is the `rollcall.toml` that was read;
    `database_url` is a `sqlite:///` or `postgresql://` URL. `values` are all settings found, by
    their environment name: a room reads its own from them with `Section.of`.
    """

    data_dir: Path
    installation: Installation
    file: Path | None
    database_url: str = field(repr=False)
    values: Mapping[str, str] = field(repr=False)

    def get(self, name: str, default: str = "") -> str:
        """The setting's value, by its environment name (`ROLLCALL_MAIL_FROM`)."""
        return self.values.get(name) or default


def load(environ: Mapping[str, str] = os.environ, folder: Path | None = None) -> Configuration:
    """Read the settings: the environment wins over `rollcall.toml` (`settings_file.find`).

    A key in the file is the environment name in lower case; one of Rollcall's own may leave the
    prefix out: `data_dir = "data"` is `ROLLCALL_DATA_DIR`. A data folder that is relative begins
    where it is written: in the environment in `folder` (default: here), in the file beside it.

    Raises:
        ConfigurationError: one of Rollcall's own cannot be used; the file cannot be read, or others
            could have written it; or `ROLLCALL_CONFIG` names a file that is not there.
    """
    folder = folder or Path.cwd()
    named = environ.get("ROLLCALL_DATA_DIR", "").strip() or _default_data_dir(environ)
    data_dir = folder / Path(named).expanduser()
    file = settings_file.find(environ, data_dir)
    written = settings_file.read(file) if file else {}
    values = {**written, **{key: value for key, value in environ.items() if value.strip()}}
    installation = Installation.of(values)
    if file and not environ.get("ROLLCALL_DATA_DIR", "").strip() and installation.data_dir:
        # Beside the file, so that a settings file means the same wherever the command is started.
        data_dir = file.absolute().parent / Path(installation.data_dir).expanduser()
    url = installation.database_url.get_secret_value() or f"sqlite:///{data_dir / 'rollcall.db'}"
    return Configuration(data_dir, installation, file, database_url=url, values=values)


def reachable(configuration: Configuration, *names: str) -> list[addresses.Reachable]:
    """The operator's list of addresses: `ROLLCALL_ALLOWED_ADDRESSES`, and what these settings name.

    One of them that is no such address is left out; whoever uses it says what is wrong.
    """
    listed = list(addresses.entries(configuration.installation.allowed_addresses))
    for name in names:
        with suppress(ValueError):
            listed += addresses.entries(configuration.get(name))
    return listed


def allowed_hosts(installation: Installation) -> list[str]:
    """The host names that Rollcall answers to: links in e-mails are made of them.

    `ROLLCALL_ALLOWED_HOSTS` where set (names with commas between, `*` for any); else this machine
    and the host of `ROLLCALL_BASE_URL`.

    Raises:
        ConfigurationError: any host would be answered to, and so get into links.
    """
    if installation.allowed_hosts:
        # Django takes a leading dot for a domain with all below it, and `*` for any host at all.
        if not installation.base_url and re.search(r"(^|,)\s*[*.]", installation.allowed_hosts):
            raise ConfigurationError(
                "ROLLCALL_ALLOWED_HOSTS may hold `*` or begin a name with a dot only where "
                "ROLLCALL_BASE_URL says which address links lead to",
                "ROLLCALL_ALLOWED_HOSTS",
            )
        return [name.strip() for name in installation.allowed_hosts.split(",")]
    base = urlsplit(installation.base_url).hostname
    local = ["localhost", "127.0.0.1", "[::1]", socket.gethostname().lower()]
    return [*local, base] if base else local


def _default_data_dir(environ: Mapping[str, str]) -> Path:
    base = Path(environ.get("XDG_DATA_HOME", ""))
    # the XDG Base Directory Specification takes a relative one for none
    return (base if base.is_absolute() else Path.home() / ".local" / "share") / "rollcall"
