"""Usernames: which are valid, and how they are compared."""

from __future__ import annotations

import re
from typing import Final

from rollcall.core.text import settled

LIMIT: Final = 30
"""How many characters a username has at the most (JumpCloud v1, POST systemusers)."""

EVERYWHERE: Final = 20
"""The most characters of a username that Windows, Mac and Linux devices all take."""

PATTERN: Final = r"^[A-Za-z][A-Za-z0-9._-]*\Z"
"""What a username may look like: a letter first, then letters, digits, `.`, `_` and `-`."""

_VALID = re.compile(PATTERN)


def normalize(text: str) -> str:
    """The username as it is stored: trimmed, the case as it was written."""
    return settled(text)


def compared(username: str) -> str:
    """What is unique of a username: usernames are ASCII, so lower case is all there is to it."""
    return username.lower()


def is_valid(username: str) -> bool:
    """Whether a normalized text can be a user's username."""
    return len(username) <= LIMIT and _VALID.match(username) is not None
