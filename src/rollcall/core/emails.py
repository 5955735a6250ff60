"""E-mail addresses: the one form in which they are written and compared, and which are valid."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from rollcall.core.text import clean

LIMIT: Final = 1024
"""How many characters an e-mail has at the most (JumpCloud v1, POST systemusers)."""

_ATOM = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"(?!-)[a-z0-9-]+(?<!-)"
_ADDRESS = re.compile(rf"{_ATOM}(\.{_ATOM})*@{_LABEL}(\.{_LABEL})+")
"""A dot-atom and a host name (RFC 5322 3.4.1, RFC 1123 2.1)."""

_PUNYCODE: Final = "xn--"


def normalize(text: str) -> str:
    """The address clean, in lower case, its domain in letters: as it is kept and compared.

    Lower case and not case folding: `ß` and `ss` are two letters in a domain (IDNA 2008).
    """
    lower = clean(text).lower()
    if _PUNYCODE in lower:
        name, at, domain = lower.rpartition("@")
        lower = name + at + ".".join(map(_in_letters, domain.split(".")))
    return lower if lower.isascii() else unicodedata.normalize("NFC", lower)


def _in_letters(label: str) -> str:
    """The label of a domain as people write it, where it is one of IDNA's (RFC 5891, 5.3)."""
    if not label.startswith(_PUNYCODE) or not label.isascii():
        return label
    try:
        # Only a label that comes back as it was: any other would be another domain once it is
        # encoded again.
        letters = label.removeprefix(_PUNYCODE).encode().decode("punycode")
        same = letters.encode("punycode").decode() == label.removeprefix(_PUNYCODE)
    except (UnicodeError, ValueError, OverflowError):
        return label
    settled = unicodedata.normalize("NFC", clean(letters).lower()) == letters
    return letters if same and settled and not letters.isascii() else label


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
