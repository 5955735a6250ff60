"""XML of strangers is read within bounds, without entities, document types or the network."""

from __future__ import annotations

import zlib

import pytest

from rollcall.access.saml.messages import bindings, parsing
from rollcall.access.saml.messages.parsing import DEEPEST, MOST_BYTES, Unreadable

BOMB = b"""<?xml version="1.0"?>
<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;">]>
<r>&lol2;</r>"""
FILE = b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><r>&x;</r>'
PARAMETER = b'<!DOCTYPE r [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x.dtd"> %p;]><r/>'
OUTSIDE = b'<!DOCTYPE r SYSTEM "http://127.0.0.1:9/x.dtd"><r/>'


@pytest.mark.parametrize("read", [parsing.message, parsing.metadata])
@pytest.mark.parametrize(
    "content",
    [
        BOMB,
        FILE,
        PARAMETER,
        OUTSIDE,
        BOMB.decode().encode("utf-16"),
        BOMB.replace(b'version="1.0"', b'version="1.0" encoding="utf-7"'),
        "<r>ä</r>".encode("latin-1"),
        b"",
        b"<r>",
        b"<r>&#0;</r>",
        b"<r>\x00</r>",
        b"<r>&unknown;</r>",
        b"no xml",
    ],
)
def test_bombs_and_what_is_no_xml_are_refused(read: object, content: bytes) -> None:
    with pytest.raises(Unreadable):
        read(content)  # type: ignore[operator]


def test_a_document_is_neither_endless_nor_bottomless() -> None:
    deep = b"<r>" * (DEEPEST + 1) + b"</r>" * (DEEPEST + 1)
    with pytest.raises(Unreadable):
        parsing.message(deep)
    with pytest.raises(Unreadable):
        parsing.message(b"<r>" * 9_000 + b"</r>" * 1)
    with pytest.raises(Unreadable):
        parsing.message(b"<r>" + b"x" * MOST_BYTES + b"</r>")
    assert parsing.message(b"<r>" * DEEPEST + b"</r>" * DEEPEST).tag == "r"


@pytest.mark.parametrize(
    "content",
    [b"<r>a<!-- x -->b</r>", b"<r>a<?x y?>b</r>", b"<r><![CDATA[a]]></r>", b"<r/><!-- x -->"],
)
def test_a_message_holds_no_comment_instruction_or_cdata(content: bytes) -> None:
    with pytest.raises(Unreadable):
        parsing.message(content)


def test_comments_of_metadata_are_left_out() -> None:
    root = parsing.metadata(b'<?xml version="1.0"?><!-- ours --><r>a<!-- x -->b</r>')
    assert parsing.text_of(root) == "ab"


def test_a_message_that_unpacks_to_too_much_is_refused_before_it_has() -> None:
    squeezer = zlib.compressobj(9, zlib.DEFLATED, -15)
    bomb = squeezer.compress(b"<r>" + b" " * 50_000_000) + squeezer.flush()
    import base64

    text = base64.b64encode(bomb).decode()
    with pytest.raises(Unreadable):
        bindings.unpacked(text)


@pytest.mark.parametrize("text", ["", "?", "AAAA", "PHI+", "e" * 200_000])
def test_what_is_not_packed_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        bindings.unpacked(text)


def test_what_is_packed_comes_back() -> None:
    assert bindings.unpacked(bindings.packed(b"<r/>")) == b"<r/>"
