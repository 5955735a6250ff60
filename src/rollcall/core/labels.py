"""The texts of groups and applications: which are valid, and the form they are stored in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from rollcall.core.refusal import Refusal, refuse_invisible
from rollcall.core.text import settled

GROUP_LIMITS: Final[Mapping[str, int]] = {"name": 255, "description": 1024}
"""A user group's texts and their limits, in characters (JumpCloud v2, usergroups)."""

APPLICATION_LIMITS: Final[Mapping[str, int]] = {
    "name": 64,
    "displayLabel": 255,
    "description": 1024,
    "ssoUrl": 2048,
    "color": 16,
}
"""An application's texts and their limits, in characters."""

_COLOR = re.compile("#[0-9A-Fa-f]{6}")
_REQUIRED: Final = frozenset({"name", "displayLabel"})


def normalize(text: str | None) -> str:
    """The name or description as it is stored, whichever door it came through."""
    return settled(text or "")


def refuse(field: str, text: str, limits: Mapping[str, int]) -> Refusal | None:
    """Why this normalized text cannot stand in this field; None where it can."""
    limit = limits.get(field)
    if limit is None:
        return Refusal(field, "unknown_field")
    if not text:
        return Refusal(field, "required") if field in _REQUIRED else None
    if len(text) > limit:
        params = {"limit": str(limit), "length": str(len(text))}
        return Refusal(field, "too_long", params=params)
    if refusal := refuse_invisible(field, text, written=field != "ssoUrl"):
        return refusal
    if field == "ssoUrl" and not is_web_address(text):
        return Refusal(field, "address_malformed", text)
    if field == "color" and not _COLOR.fullmatch(text):
        return Refusal(field, "malformed", text)
    return None


def is_web_address(text: str) -> bool:
    """Whether a browser may be sent there: http or https, never a script, and no password in it."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    # A password in an address would stand in every browser's history and in the log.
    named = parts.username is None and parts.password is None
    return parts.scheme.lower() in ("http", "https") and bool(parts.hostname) and named
