"""Comparisons of text in whatever case people write it, on SQLite too."""

from __future__ import annotations

from typing import Final

from django.db.models import Q

_TURKISH: Final = str.maketrans({"İ": "i", "I": "ı"})


def spelled(column: str, lookup: str, text: str) -> Q:
    """A comparison (`exact`, `contains`, `startswith`, `endswith`) in whatever case, on SQLite too.

    SQLite knows upper and lower case in ASCII only, so that other letters are asked for as people
    write them: as they are, small, capital, and with a capital at the beginning.
    """
    condition = Q()
    for spelling in sorted(_spellings(text)):
        condition |= Q((f"{column}__i{lookup}", spelling))
    return condition


def _spellings(text: str) -> set[str]:
    if text.isascii():
        return {text}
    turkish = text.translate(_TURKISH).lower()
    return {text, text.lower(), text.capitalize(), text.upper(), turkish, turkish.capitalize()}
