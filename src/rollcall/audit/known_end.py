"""The end of the chain as this machine has last seen it, kept outside of the database.

Whoever deletes the newest seals leaves a shorter chain that is whole in itself; only a place that
they do not reach can tell. Each machine that seals or verifies notes the newest seal in its data
folder.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.conf import settings

from rollcall.core.drafts import draft_of

FILE: Final = "audit.end"
_FORM: Final = re.compile(r"[0-9]{1,18}-[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class KnownEnd:
    """A seal that the chain must hold: its number and its digest."""

    number: int
    digest: bytes

    def text(self) -> str:
        """The end as a short text, to be kept where nobody can change it."""
        return f"{self.number}-{self.digest.hex()}"

    @classmethod
    def from_text(cls, text: str) -> KnownEnd:
        """The end that `text` wrote down.

        Raises:
            ValueError: it is none.
        """
        if not _FORM.fullmatch(text.strip()):
            raise ValueError("an end of the chain is a number, a hyphen and 64 hexadecimal digits")
        number, _, digest = text.strip().partition("-")
        return cls(int(number), bytes.fromhex(digest))


def read() -> KnownEnd | None:
    """What this machine knows; None where it knows nothing, or where what it kept is damaged."""
    try:
        return KnownEnd.from_text(_file().read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None


def remember(number: int, digest: bytes) -> None:
    """Note this seal unless a later one is known; a folder that cannot be written is no trouble."""
    known = read()
    # Of two processes the slower one must not move the end back.
    if known is not None and known.number >= number:
        return
    file = _file()
    # Written beside and moved: killed in between, a process leaves the old end whole.
    try:
        with draft_of(file) as draft:
            draft.write((KnownEnd(number, digest).text() + "\n").encode("ascii"))
            draft.flush()
            Path(draft.name).replace(file)
    except OSError:
        return


def forget() -> KnownEnd | None:
    """Know nothing any more, since an older copy of the log was put back; what was known."""
    known = read()
    _file().unlink(missing_ok=True)
    return known


def _file() -> Path:
    return Path(settings.DATA_DIR) / FILE
