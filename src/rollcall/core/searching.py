"""The form in which texts are searched: without case, marks and what cannot be seen."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

LETTERS: Final = str.maketrans(
    {
        "ı": "i",
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "æ": "ae",
        "œ": "oe",
        "ħ": "h",
        "ŧ": "t",
        "ƶ": "z",
        "ɨ": "i",
        "ʼ": "'",
        "’": "'",
        "‘": "'",
        "‐": "-",
        "‑": "-",
        "–": "-",
    }
)
"""Letters with a stroke and their like, which Unicode does not take apart into letter and mark."""

BETWEEN: Final = "\n"
"""What stands between the parts of a searchable text: it is in no value, so that no search finds
the end of one value with the beginning of the next."""

_BLANKS: Final = re.compile(r"\s+")


def searchable(text: str) -> str:
    """The text as a search compares it: `Özlem ÇELİK` and `ozlem celik` are one.

    NFKD without marks (Unicode's compatibility decomposition), case folded, letters with a stroke
    as those without, and nothing that cannot be seen. Twice is the same as once.
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.lower().split())
    # case first: folding brings marks up (İ) that have to go, and decomposing brings capitals up
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    kept = "".join(filter(_is_searched, apart)).translate(LETTERS).casefold()
    return _BLANKS.sub(" ", unicodedata.normalize("NFC", kept)).strip()


def joined(texts: Iterable[str | None]) -> str:
    """These texts as one that is searched for words of any of them."""
    return BETWEEN.join(searchable(text) if text else "" for text in texts)


def words(typed: str) -> list[str]:
    """The words of what somebody typed into a search, in the form in which texts are searched."""
    return searchable(typed).split()


def _is_searched(character: str) -> bool:
    """Whether people type it: neither a mark above or below a letter, nor without a shape.

    Signs of vowels that Indic scripts and Thai write beside a letter are of class 0 and stay.
    """
    if unicodedata.combining(character) > 9:  # 7 to 9 are a dot, a voicing sign and a virama
        return False
    return character.isspace() or unicodedata.category(character) not in ("Cc", "Cf", "Cs")
