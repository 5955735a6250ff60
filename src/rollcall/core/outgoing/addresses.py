"""Which addresses may be reached: a vendor's own, and those on the operator's list.

Whoever may start an import may type an address. Without a list the server would become their way
into the network it stands in.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

ANY_PORT: Final = "*"
NOT_ALLOWED: Final = (
    "This address is not among those that imports may reach (https, or plain http to this "
    "machine): the operator lists it in ROLLCALL_ALLOWED_ADDRESSES"
)
_PORTS: Final = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True)
class Reachable:
    """One entry of the list: a scheme, a host, and a port or any (`*`)."""

    scheme: str
    host: str
    port: str

    @classmethod
    def of(cls, text: str) -> Reachable:
        """The entry of `https://host`, `https://host:port` or `http://127.0.0.1:*`; a path is
        not looked at.

        Raises:
            ValueError: it is none, or plain http to another machine.
        """
        text = text.strip()
        _, separator, rest = text.partition("://")
        any_port = rest.partition("/")[0].endswith(f":{ANY_PORT}")
        parts = urlsplit(text.replace(f":{ANY_PORT}", "", 1) if any_port else text)
        # With a dot at its end a name is only absolute: it is the same host.
        host = (parts.hostname or "").rstrip(".")
        if not separator or parts.scheme not in _PORTS or not host:
            raise ValueError(text)
        if parts.scheme == "http" and not is_loopback(host):
            raise ValueError(text)
        port = ANY_PORT if any_port else str(parts.port or _PORTS[parts.scheme])
        return cls(parts.scheme, host, port)

    def covers(self, other: Reachable) -> bool:
        """Whether this entry lets the other one through."""
        same = (self.scheme, self.host) == (other.scheme, other.host)
        return same and self.port in (ANY_PORT, other.port)


def is_loopback(host: str) -> bool:
    """Whether this names the machine itself, as it is written; no name is looked up."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_address(text: str) -> bool:
    """Whether this is written as an address at all; what is not has its own words."""
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        return False
    return parts.scheme in _PORTS and bool(parts.hostname)


def entries(text: str) -> tuple[Reachable, ...]:
    """The entries of a list with commas.

    Raises:
        ValueError: one of them is none.
    """
    return tuple(Reachable.of(word) for word in text.split(",") if word.strip())


_operators: list[Reachable] = []


def allow(reachables: Iterable[Reachable]) -> None:
    """Have these be the operator's list from now on; called once, when the settings are read."""
    _operators[:] = reachables


def is_allowed(url: str, own: str = "") -> bool:
    """Whether this address may be reached: it is the vendor's `own`, or on the operator's list."""
    try:
        asked = Reachable.of(url)
    except ValueError:
        return False
    vendors = entries(own)
    return any(entry.covers(asked) for entry in (*vendors, *_operators))
