"""A file is read whichever of the usual encodings it was written in."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollcall.sources.csv.encoding import decode
from rollcall.sources.errors import SourceMisbehaved

TEXT = "Vorname;E-Mail\nJürgen;juergen@example.com\nŁucja;lucja@example.com\n"
GERMAN = "Vorname;E-Mail\nJürgen;juergen@example.com\n"


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode("utf-8"),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("utf-16"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        TEXT.encode("utf-16-le"),
        TEXT.encode("utf-16-be"),
    ],
)
def test_unicode_is_read_with_a_mark_and_without(content: bytes) -> None:
    assert decode(content)[0] == TEXT


def test_what_a_spreadsheet_in_western_europe_writes_is_read() -> None:
    assert decode(GERMAN.encode("cp1252")) == (GERMAN, "cp1252")


@pytest.mark.parametrize("content", [b"PK\x03\x04\x00\x00\x08\x00", b"\x00" * 64])
def test_a_workbook_is_refused_with_what_to_do(content: bytes) -> None:
    with pytest.raises(SourceMisbehaved, match="save it as CSV"):
        decode(content)


@given(st.binary(max_size=400))
def test_nothing_but_a_plain_refusal_comes_of_any_bytes(content: bytes) -> None:
    try:
        text, _ = decode(content)
    except SourceMisbehaved:
        return
    assert "\x00" not in text


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=200))
def test_text_comes_back_as_it_was_written_in_utf_8(text: str) -> None:
    assert decode(("\ufeff" + text).encode())[0] == text
