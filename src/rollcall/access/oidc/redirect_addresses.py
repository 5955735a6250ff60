"""Which addresses a client may be answered at: pure rules of text, compared letter by letter."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import SplitResult, urlsplit

LONGEST: Final = 2048
MOST: Final = 50
LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_HOST: Final = re.compile(r"[A-Za-z0-9._:\[\]-]*")
"""What stands in a header's list of origins must hold nothing that ends the list."""
_VISIBLE: Final = re.compile(r"[\x21-\x7e]+")


def refusal(address: str, *, public: bool = False) -> str:
    """Why this cannot be registered (RFC 6749, 3.1.2; RFC 9700, 2.1; RFC 8252, 7); "" if it can.

    http only to the person's own machine; a scheme of its own (`com.example.app`) only for a public
    client, which is an app on a device.
    """
    if not address or len(address) > LONGEST or not _VISIBLE.fullmatch(address):
        return f"an address has 1 to {LONGEST:,} visible characters of ASCII"
    parts = _split(address)
    if parts is None or not parts.scheme:
        return "it is no address: https://app.example.com/callback is one"
    if not _HOST.fullmatch(parts.netloc):
        return "its host is none"
    if "#" in address or "@" in parts.netloc or "*" in address or "\\" in address:
        return "it holds a fragment, a password, a wildcard or a backslash"
    if parts.scheme == "https" and parts.hostname:
        return ""
    if parts.scheme == "http" and parts.hostname in LOOPBACK:
        return ""
    if public and "." in parts.scheme:
        return ""
    return "it must begin with https:// (http:// only for localhost)"


def origin(address: str) -> str:
    """Scheme, host and port of an address, as browsers compare them; "" where it has none.

    Of an app's own scheme, the scheme: that is what `form-action` can name.
    """
    parts = _split(address)
    if parts is None or not parts.scheme or not _HOST.fullmatch(parts.netloc):
        return ""
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else f"{parts.scheme}:"


def is_web(address: str) -> bool:
    """Whether a browser can send a form there; an app's own scheme takes none."""
    parts = _split(address)
    return parts is not None and parts.scheme in ("https", "http")


def _split(address: str) -> SplitResult | None:
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return None
    return parts
