"""The attributes without which nothing can be decided about anybody, and their lack."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from rollcall.sources.base import ESSENTIAL
from rollcall.sources.personio.errors import AccessDenied


def missing_essentials(carried: Collection[str], asked: Collection[str]) -> list[str]:
    """The essential attributes that were asked for (all where `asked` is empty) and not carried."""
    return [key for key in ESSENTIAL if key not in carried and (not asked or key in asked)]


def unreadable(attributes: Sequence[str]) -> AccessDenied:
    """The error for essential attributes that the credential may not read."""
    named = " and ".join(f"`{key}`" for key in attributes)
    return AccessDenied(
        f"This credential cannot read {named}, without which nobody can be imported; make it "
        "readable in Personio: Settings, Integrations, API credentials",
        attributes,
    )
