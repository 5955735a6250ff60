"""Letters that look alike: two texts that people take for one although they are not the same."""

from __future__ import annotations

import unicodedata
from typing import Final

from rollcall.core.text import fold

_LATIN: Final = {
    # Cyrillic
    **dict(zip("авеһкмнорстухѕіјԁԛԝѵүҽʏ", "abehkmhopctyxsijdqwvyey", strict=True)),
    "ӏ": "l",
    "ь": "b",
    "г": "r",
    "п": "n",
    "з": "3",
    # Greek
    **dict(zip("αβεηικνορτυχϲϳγ", "abenikvoptuxcjy", strict=True)),
    # Armenian, and letters of Latin itself without a dot or of another height
    **dict(zip("հոսցզօ", "hnugqo", strict=True)),
    "ı": "i",
    "ɑ": "a",
    "ɡ": "g",
    "ɩ": "i",
    "ⅼ": "l",
}
"""Small letters and the Latin ones that they are drawn as: those of `confusables.txt` (Unicode
Technical Standard 39, 15.1) in the scripts that names and addresses are written in here."""

_TABLE: Final = str.maketrans(_LATIN)


def lookalike(text: str) -> str:
    """The text in the Latin letters that it looks like; two of one form can be taken for another.

    Case does not count, and `rn` is not taken for `m` nor `0` for `o`: names and numbered
    usernames would look alike by the hundred.
    """
    folded = fold(text)
    if folded.isascii():
        return folded
    return fold(unicodedata.normalize("NFKC", folded).translate(_TABLE))


def are_twins(text: str, other: str) -> bool:
    """Whether these look alike and are not the same."""
    return fold(text) != fold(other) and lookalike(text) == lookalike(other)
