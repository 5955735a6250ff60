"""Conditions of searches: that a text occurs in a field or in any, without case and accents."""

from __future__ import annotations

import re
from typing import Final

from django.db.models import Q

from rollcall.core import searching
from rollcall.core.patterns import LONGEST
from rollcall.database.spellings import spelled
from rollcall.directory.fields import SearchField
from rollcall.directory.models import User, UserGroup, known_elsewhere_as

OF_USERS: Final[SearchField] = User._meta.get_field("search_text")
OF_GROUPS: Final[SearchField] = UserGroup._meta.get_field("search_text")


def anywhere(text: str) -> Q:
    """The condition that the whole text occurs in one of a user's searched fields.

    The text may also be the whole id of the user's employee at a source.
    """
    term = searching.searchable(text)
    return Q(search_text__contains=term) | known_elsewhere_as(term, term.upper())


def in_field(field: str, text: str, within: SearchField) -> Q:
    """The condition that the text occurs in this field of a row with this searchable text."""
    term = searching.searchable(text)
    if field in within.of and term:
        pattern = _line(within.of.index(field), term)
        if len(pattern) <= LONGEST:
            # the first is quick and lets few through, the second says in which line it stands
            return Q((f"{within.name}__contains", term), (f"{within.name}__regex", pattern))
    return spelled(field, "contains", text)


def _line(place: int, term: str) -> str:
    """A pattern for the term in the line of this number, in the syntax of both engines."""
    before = rf"([^\n]*\n){{{place}}}" if place else ""
    escaped = re.sub(r"([^\w\s])", r"\\\1", term)
    return rf"^{before}[^\n]*{escaped}"
