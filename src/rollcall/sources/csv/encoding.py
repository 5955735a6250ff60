"""Which encoding a file was written in: UTF-8, UTF-16 or Windows-1252, and its text."""

from __future__ import annotations

import codecs
from typing import Final

from rollcall.provisioning.reason import gettext_noop
from rollcall.sources.errors import SourceMisbehaved

MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""The byte order marks that spreadsheets write first, and what they mean."""

NAMES: Final = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "cp1252": "Windows-1252",
}
"""What people call the encodings."""

SAMPLE: Final = 4096
"""How many bytes are looked at to tell UTF-16 without a mark from everything else."""

NOT_TEXT: Final = gettext_noop(
    "The file is no text: save it as CSV (UTF-8) and try again. A workbook (.xlsx) is not read."
)


def detect(content: bytes) -> str:
    """The name of the encoding, as Python's codecs know it.

    A file that is neither marked nor valid UTF-8 is taken for Windows-1252, which is what
    spreadsheets in Western Europe write when they are not told otherwise.
    """
    for mark, encoding in MARKS:
        if content.startswith(mark):
            return encoding
    # Before UTF-8, for which the zeros of UTF-16 are characters like others.
    if (wide := _utf16_without_mark(content[:SAMPLE])) is not None:
        return wide
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def decode(content: bytes) -> tuple[str, str]:
    """The text of the file and the encoding that it was written in.

    Raises:
        SourceMisbehaved: it is no text in any of the encodings.
    """
    encoding = detect(content)
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        raise SourceMisbehaved(NOT_TEXT) from None
    # A picture or a workbook is valid Windows-1252 nearly always; its zeros give it away.
    if "\x00" in text:
        raise SourceMisbehaved(NOT_TEXT)
    return text, encoding


def _utf16_without_mark(sample: bytes) -> str | None:
    """UTF-16 shows by the zeros of its Latin letters: every other byte, before or after."""
    pairs = len(sample) // 2
    if pairs < 2:
        return None
    before, after = sample[0::2].count(0), sample[1::2].count(0)
    if after > pairs * 0.6 and before < pairs * 0.1:
        return "utf-16-le"
    if before > pairs * 0.6 and after < pairs * 0.1:
        return "utf-16-be"
    return None
