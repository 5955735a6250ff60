"""Characters that nobody sees: which they are, what they are called, and where some belong."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

_INVISIBLE: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u2028-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ud800-\udfff"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
"""Unicode's Cc, Cs, Zl and Zp, the property Default_Ignorable_Code_Point, and the blank pattern of
Braille (DerivedCoreProperties.txt, Unicode 15.1)."""

_CONTROLS: Final = {
    0x00: "NULL",
    0x07: "BELL",
    0x08: "BACKSPACE",
    0x09: "CHARACTER TABULATION",
    0x0A: "LINE FEED",
    0x0D: "CARRIAGE RETURN",
    0x1B: "ESCAPE",
    0x7F: "DELETE",
}
"""The names that Unicode gives as aliases, since controls have none (NameAliases.txt)."""

_ZERO_WIDTH_NON_JOINER: Final = "\u200c"
_ZERO_WIDTH_JOINER: Final = "\u200d"
_VIRAMA: Final = 9


@dataclass(frozen=True, slots=True)
class Invisible:
    """A character that cannot be seen: what it is called, and its place in the text, from 1."""

    name: str
    place: int


def first_in(text: str, *, written: bool = True) -> Invisible | None:
    """The first character of the text that cannot be seen and does not belong there.

    `written` texts are those that people write in their own script: Persian and Indic names need
    the joiners, Japanese ones variants, and a picture (an emoji) may be made of several.
    """
    if text.isascii() and text.isprintable():
        return None
    for match in _INVISIBLE.finditer(text):
        if not (written and _belongs(match.group(), text[: match.start()], text[match.end() :])):
            return Invisible(named(match.group()), match.start() + 1)
    return None


def named(character: str) -> str:
    """The character as Unicode writes it: `U+200B ZERO WIDTH SPACE`."""
    code = ord(character)
    name = unicodedata.name(character, "") or _CONTROLS.get(code, "")
    kind = "SURROGATE" if 0xD800 <= code <= 0xDFFF else "CONTROL CHARACTER"
    return f"U+{code:04X} {name or kind}"


def _belongs(character: str, before: str, after: str) -> bool:
    """Whether it shapes the letters beside it (RFC 5892, A.1 and A.2; UTS #37; UTS #51)."""
    last, following = before[-1:], after[:1]
    if not last:
        return False
    if character in (_ZERO_WIDTH_NON_JOINER, _ZERO_WIDTH_JOINER):
        return _joins(character, last, following)
    if "\ufe00" <= character <= "\ufe0f":
        return _is_picture(last) or _is_ideograph(last) or last in "0123456789#*"
    return "\U000e0100" <= character <= "\U000e01ef" and _is_ideograph(last)


def _joins(character: str, last: str, following: str) -> bool:
    if unicodedata.combining(last) == _VIRAMA:
        return True
    if character == _ZERO_WIDTH_JOINER:
        return _is_picture(last) and _is_picture(following)
    return _is_arabic(last) and _is_arabic(following)


def _is_arabic(character: str) -> bool:
    return character != "" and unicodedata.bidirectional(character) == "AL"


def _is_picture(character: str) -> bool:
    if character in ("", "\ufe0f"):
        return character != ""
    return unicodedata.category(character) in ("So", "Sk")


def _is_ideograph(character: str) -> bool:
    return unicodedata.name(character, "").startswith("CJK ")
