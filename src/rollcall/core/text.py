"""Text identity: the one form in which text is stored, and the one in which it is compared."""

from __future__ import annotations

import re
import unicodedata

_BREAKS = re.compile(r"[\t\n\r]+")
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


def clean(text: str) -> str:
    """The text trimmed, in NFC, without control characters and lone surrogates.

    Line breaks and tabs become one blank. Nothing else is touched: what looks like markup stays
    text. Cleaning a clean text changes nothing.
    """
    # Most texts are printable, and asking is many times cheaper than two substitutions.
    if not text.isprintable():
        text = _UNPRINTABLE.sub("", _BREAKS.sub(" ", text))
    # NFC and not NFKC, which would write ² as 2 and so change what somebody is called.
    return text.strip() if text.isascii() else unicodedata.normalize("NFC", text).strip()


def settled(text: str) -> str:
    """The text trimmed and in NFC, on one line; what cannot be seen stays, to be refused by name.

    Settling a settled text changes nothing, and a clean text is a settled one.
    """
    if not text.isprintable():
        text = _BREAKS.sub(" ", text)
    return text.strip() if text.isascii() else unicodedata.normalize("NFC", text).strip()


def holds_controls(text: str) -> bool:
    """Whether it holds what no name has: control characters, and signs that turn its order round.

    Unicode's Cc, Zl, Zp and lone surrogates, and the bidirectional overrides and isolates, by which
    one name can be made to look like another (Unicode Technical Report 36, 2.6).
    """
    return _CONTROLS.search(text) is not None


def cut(text: str, limit: int) -> str:
    """The clean text, no longer than `limit` characters."""
    return text if len(text) <= limit else text[:limit].rstrip()


def shortened(text: str, limit: int) -> str:
    """The text for a place of `limit` characters, with a sign where something is left out."""
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def counted(number: int, noun: str, nouns: str = "") -> str:
    """The number in groups of three with its English noun: `1 user`, `4,678 users`.

    `nouns` is the noun of several where it is not the one with an `s`.
    """
    return f"{number:,} {noun if number == 1 else nouns or f'{noun}s'}"


def fold(text: str) -> str:
    """What two texts have in common that a person takes for one: no case, NFC (Unicode, D145).

    Folding once more changes nothing. Only for comparing: `Straße` and `STRASSE` fold to one text.
    """
    text = clean(text)
    if text.isascii():
        return text.lower()
    # folding can take a text out of NFC and normalizing bring a capital back: both, until settled
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFD", text).casefold())
    return unicodedata.normalize("NFC", folded.casefold()).strip()


def same(text: str, other: str) -> bool:
    """Whether a person takes these two for one text, whatever the case they are written in."""
    return fold(text) == fold(other)
