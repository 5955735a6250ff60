"""Usernames: made from the e-mail, by the directory's rules, never one that is taken."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable
from typing import Final

from anyascii import anyascii

from rollcall.core.text import clean
from rollcall.core.usernames import EVERYWHERE
from rollcall.provisioning.numbering import NONE, Numbering

FALLBACK: Final = "user"
"""The start of a username where nothing of the e-mail's local part can be used."""

# Both cases, since the rule holds for every text and not only for a normalized e-mail.
_GERMAN = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ẞ": "SS"}
)
_REFUSED = re.compile(r"[^a-z0-9._-]")
_NOT_A_LETTER = re.compile(r"^[^a-z]+")


def username_base(email: str, limit: int = EVERYWHERE) -> str:
    """The username that an e-mail asks for: lower case, ASCII, a letter first, cut to the limit."""
    # From the last @ on: a quoted local part may hold one itself.
    local = clean(email.rpartition("@")[0] or email)
    plain = (local if local.isascii() else anyascii(local.translate(_GERMAN))).lower()
    kept = _NOT_A_LETTER.sub("", _REFUSED.sub("", plain))
    # Cutting may leave a sign at the end, which reads as a typing error in every list.
    return kept[:limit].rstrip("._-") or FALLBACK


def assign_usernames(
    emails: Iterable[str], names: Numbering, limit: int = EVERYWHERE
) -> array[int]:
    """A username for each of these e-mails, as its number among `names`.

    `names` holds the directory's usernames in lower case; those given out are added. The e-mails
    come in the order of their employees' ids: the first that asks for a free name gets it, the
    others get 2, 3, … appended.
    """
    given = array("i")
    late: list[tuple[str, int]] = []
    for place, base in enumerate(username_base(email, limit) for email in emails):
        before = len(names)
        number = names.add(base)
        given.append(number)
        if number < before:
            late.append((base, place))
    # Those of one base together, so that each number is looked for once from where the last ended.
    late.sort()
    numbers = _Numbers(names, limit)
    for base, place in late:
        given[place] = numbers.next_free(base)
    return given


class _Numbers:
    """Appends the lowest free number; each number of a stem is tried once, so it stays linear."""

    def __init__(self, names: Numbering, limit: int) -> None:
        self._names = names
        self._limit = limit
        self._untried: dict[tuple[str, int], int] = {}

    def next_free(self, base: str) -> int:
        for digits in range(1, self._limit):
            # The number must fit into the limit too, so that the name before it gets shorter.
            stem = base[: self._limit - digits]
            start = 2 if digits == 1 else 10 ** (digits - 1)
            number = self._untried.get((stem, digits), start)
            while number < 10**digits and self._names.find(f"{stem}{number}") != NONE:
                number += 1
            self._untried[stem, digits] = number + 1
            if number < 10**digits:
                return self._names.add(f"{stem}{number}")
        raise AssertionError("more people than numbers that fit")
