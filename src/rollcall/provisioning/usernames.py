"""Usernames: made from the e-mail, by the directory's rules, never one that is taken."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from anyascii import anyascii

from rollcall.core.text import clean
from rollcall.provisioning.employee_ids import id_order

MAX_USERNAME: Final = 20
"""The most characters of a username that Windows, Mac and Linux devices all take."""

FALLBACK: Final = "user"
"""The start of a username where nothing of the e-mail's local part can be used."""

# Both cases, since the rule holds for every text and not only for a normalized e-mail.
_GERMAN = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ẞ": "SS"}
)
_REFUSED = re.compile(r"[^a-z0-9._-]")
_NOT_A_LETTER = re.compile(r"^[^a-z]+")


def username_base(email: str) -> str:
    """The username that an e-mail asks for: lower case, ASCII, a letter first, at most 20 long."""
    local = clean(email.rpartition("@")[0] or email)
    plain = anyascii(local.translate(_GERMAN)).lower()
    kept = _NOT_A_LETTER.sub("", _REFUSED.sub("", plain))
    return kept[:MAX_USERNAME].rstrip("._-") or FALLBACK


def assign_usernames(emails: Mapping[str, str], taken: Iterable[str]) -> dict[str, str]:
    """A username for each employee (by id) from the e-mail; the order of arrival plays no part.

    `taken` are the directory's usernames. The lowest employee id that asks for a free name gets it;
    the others get 2, 3, … appended.
    """
    used = {name.lower() for name in taken}
    asked = sorted(
        ((username_base(email), employee_id) for employee_id, email in emails.items()),
        key=lambda one: (one[0], id_order(one[1])),
    )
    given: dict[str, str] = {}
    late: list[tuple[str, str]] = []
    for base, employee_id in asked:
        if base in used:
            late.append((base, employee_id))
        else:
            used.add(base)
            given[employee_id] = base
    numbers = _Numbers(used)
    given.update((employee_id, numbers.next_free(base)) for base, employee_id in late)
    return given


class _Numbers:
    """Appends the lowest free number; each number of a stem is tried once, so it stays linear."""

    def __init__(self, used: set[str]) -> None:
        self.used = used
        self.untried: dict[tuple[str, int], int] = {}

    def next_free(self, base: str) -> str:
        for digits in range(1, MAX_USERNAME):
            stem = base[: MAX_USERNAME - digits]
            start = 2 if digits == 1 else 10 ** (digits - 1)
            number = self.untried.get((stem, digits), start)
            while number < 10**digits and f"{stem}{number}" in self.used:
                number += 1
            self.untried[stem, digits] = number + 1
            if number < 10**digits:
                name = f"{stem}{number}"
                self.used.add(name)
                return name
        raise AssertionError("more people than numbers of nineteen digits")
