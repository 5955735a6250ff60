"""The names of groups and the labels of applications: which are valid, in which form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from rollcall.core.refusal import Refusal
from rollcall.core.text import clean

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

_REQUIRED: Final = frozenset({"name", "displayLabel"})


def normalize(text: str | None) -> str:
    """The name or description as it is stored, whichever door it came through."""
    return clean(text or "")


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
    return None
