"""Which Personio account to read, with which credentials, and how fast."""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Self
from urllib.parse import SplitResult, urlsplit

from rollcall.sources.base import account_key
from rollcall.sources.personio.errors import SettingsError
from rollcall.sources.personio.settings import DEFAULT_URL, PERSONIO_HOST

KIND_KEY: Final = "personio"
PERSONIO_REQUESTS_PER_MINUTE: Final = 300
"""Personio's limit for its list of employees (v1, since 2024-05-06)."""

_NAME: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?")


class ApiVersion(enum.StrEnum):
    """Which version of Personio's API is spoken; `AUTO` tries v1 first, then v2."""

    AUTO = "auto"
    V1 = "v1"
    V2 = "v2"


@dataclass(frozen=True, slots=True)
class Account:
    """One Personio account and how to speak to it.

    `url` has no trailing slash and no version. `name` tells accounts at one address apart.
    `requests_per_minute` None means unpaced; `v2_requests_per_minute` None means as fast as v2's
    answers tell, 0 unpaced.
    Times are in seconds: `connect_timeout` and `timeout` are for one request; `throttle_wait` is
    the first wait after a 429, which Personio asks to be 1 or more, `retry_wait` the first after
    any other failure. `tries` is how often one call is made at the most, `in_flight` the number
    of pages asked for at once.
    """

    url: str
    client_id: str = field(repr=False)
    client_secret: str = field(repr=False)
    name: str = ""
    api_version: ApiVersion = ApiVersion.AUTO
    requests_per_minute: int | None = None
    v2_requests_per_minute: int | None = None
    app_id: str = "ROLLCALL"
    timeout: float = 30.0
    connect_timeout: float = 10.0
    throttle_wait: float = 1.0
    retry_wait: float = 0.2
    tries: int = 20
    in_flight: int = 4

    @classmethod
    def of(cls, values: Mapping[str, str]) -> Self:
        """The account that these settings name, by their environment names.

        Read are `PERSONIO_CLIENT_ID`, `PERSONIO_CLIENT_SECRET`, `PERSONIO_URL`,
        `PERSONIO_API_VERSION` (auto, v1 or v2), `PERSONIO_ACCOUNT` (a name of letters, digits and
        hyphens), `PERSONIO_REQUESTS_PER_MINUTE` (0 is unpaced) and `PERSONIO_TIMEOUT` (seconds).

        Raises:
            SettingsError: one is missing or cannot be used; it is named, its value is not shown.
        """
        client_id, client_secret = _credentials(values)
        url = base_url(values.get("PERSONIO_URL", "").strip() or DEFAULT_URL)
        return cls(
            url=url,
            client_id=client_id,
            client_secret=client_secret,
            name=_name(values),
            api_version=_version(values),
            requests_per_minute=_pace(values, url),
            v2_requests_per_minute=_asked_pace(values),
            timeout=_seconds(values, "PERSONIO_TIMEOUT", 30.0),
        )

    @property
    def key(self) -> str:
        """Which account this is, whatever its credentials are at the moment.

        Personio names no account in its answers, so it is known by the name that it was given, else
        by its address; the account at Personio's own address is plainly `personio`.
        """
        if self.name:
            return account_key(KIND_KEY, self.name)
        parts = urlsplit(self.url)
        # Without the scheme: the same account over http at first and over https later stays the
        # same.
        where = f"//{parts.netloc}{parts.path}".lower()
        return KIND_KEY if where == f"//{PERSONIO_HOST}" else account_key(KIND_KEY, where)

    @property
    def address(self) -> str:
        """Its address."""
        return self.url


def base_url(url: str) -> str:
    """The address without trailing slash and version, whichever way it was written down.

    Raises:
        SettingsError: it is not an http or https address, or holds credentials or a query.
    """
    parts = _split(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise SettingsError(
            f"PERSONIO_URL must be an address like {DEFAULT_URL}; correct it or leave it out",
            "PERSONIO_URL",
        )
    # Addresses are logged and shown, so that a secret in one would be too.
    if parts.username is not None or parts.query or parts.fragment:
        raise SettingsError(
            "PERSONIO_URL must hold the address alone, without a user, password or query: "
            "credentials belong in PERSONIO_CLIENT_ID and PERSONIO_CLIENT_SECRET",
            "PERSONIO_URL",
        )
    # Personio's own pages write the address with the version; both ways of copying it are right.
    path = re.sub("/v[12]$", "", parts.path.rstrip("/")).rstrip("/")
    return f"{parts.scheme}://{parts.netloc}{path}"


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port  # a port that is no number shows only when it is asked for
    except ValueError:
        raise SettingsError(
            f"PERSONIO_URL is not an address; {DEFAULT_URL} is Personio's own", "PERSONIO_URL"
        ) from None
    return parts


def _credentials(values: Mapping[str, str]) -> tuple[str, str]:
    names = ("PERSONIO_CLIENT_ID", "PERSONIO_CLIENT_SECRET")
    client_id, client_secret = (values.get(name, "").strip() for name in names)
    missing = [name for name in names if not values.get(name, "").strip()]
    if missing:
        raise SettingsError(
            f"{' and '.join(missing)} must be set: "
            "Personio shows both under Settings, Integrations, API credentials",
            *missing,
        )
    return client_id, client_secret


def _version(values: Mapping[str, str]) -> ApiVersion:
    name = "PERSONIO_API_VERSION"
    try:
        return ApiVersion(values.get(name, "").strip().lower() or ApiVersion.AUTO)
    except ValueError:
        raise SettingsError(f"{name} must be one of {', '.join(ApiVersion)}", name) from None


def _name(values: Mapping[str, str]) -> str:
    name = values.get("PERSONIO_ACCOUNT", "").strip().lower()
    if name and not _NAME.fullmatch(name):
        raise SettingsError(
            "PERSONIO_ACCOUNT must be a name of at most 32 letters, digits and hyphens",
            "PERSONIO_ACCOUNT",
        )
    return name


def _pace(values: Mapping[str, str], url: str) -> int | None:
    """Requests a minute over v1; without a setting its published limit at Personio's own host."""
    asked = _asked_pace(values)
    if asked is None:
        # Only Personio's own host has Personio's limit: a stand-in on this machine needs no brake.
        own = urlsplit(url).hostname == PERSONIO_HOST
        return PERSONIO_REQUESTS_PER_MINUTE if own else None
    return asked or None


def _asked_pace(values: Mapping[str, str]) -> int | None:
    name = "PERSONIO_REQUESTS_PER_MINUTE"
    text = values.get(name, "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 9):
        raise SettingsError(f"{name} must be a whole number, 0 for no limit", name)
    return int(text)


def _seconds(values: Mapping[str, str], name: str, default: float) -> float:
    text = values.get(name, "").strip()
    if not text:
        return default
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= 3600:
        raise SettingsError(f"{name} must be a number of seconds between 0 and 3600", name)
    return seconds
