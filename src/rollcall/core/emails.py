"""E-mail addresses: the one form in which they are written and compared, and which are valid."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from rollcall.core.text import clean

LIMIT: Final = 1024
"""How many characters an e-mail has at the most (JumpCloud v1, POST systemusers)."""

_ADDRESS = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~.-]+@[a-z0-9-]+(\.[a-z0-9-]+)+")


def normalize(text: str) -> str:
    """The address clean and in lower case, as the directory keeps it and compares it.

    Lower case and not case folding: `ß` and `ss` are two letters in a domain (IDNA 2008).
    """
    lower = clean(text).lower()
    return lower if lower.isascii() else unicodedata.normalize("NFC", lower)


def is_valid(address: str) -> bool:
    """Whether a normalized address can be a user's e-mail: one @, a domain with a dot, no blank.

    Letters of every script are accepted on both sides; what cannot be seen is not.
    """
    if len(address) > LIMIT:
        return False
    if address.isascii():
        return _ADDRESS.fullmatch(address) is not None
    # A few letters change when they are lowered once more; an address that is unsettled would be
    # stored in one form and looked for in another.
    settled = address == address.lower() == clean(address)
    return settled and _ADDRESS.fullmatch("".join(map(_stand_in, address))) is not None


def _stand_in(character: str) -> str:
    if character.isascii():
        return character
    return "a" if unicodedata.category(character)[0] in "LMN" else " "
