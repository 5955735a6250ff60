"""Reads XML of strangers: within bounds, without entities, document types or the network."""

from __future__ import annotations

from typing import Final

from lxml import etree

MOST_BYTES: Final = 32_768
"""Of a message. A signed request with a certificate takes about 4,000."""
MOST_METADATA_BYTES: Final = 1_048_576
DEEPEST: Final = 30
"""Elements within elements."""


class Unreadable(Exception):
    """This is no message that is read here; the text says why, without anything of it."""


def message(content: bytes) -> etree._Element:
    """The root of a message of the protocol.

    Comments, processing instructions and CDATA are in no message that anybody sends in earnest; a
    name that holds a comment is read as its first part by some and as the whole by others.

    Raises:
        Unreadable: it is too long, too deep, no XML in UTF-8, or holds what no message holds.
    """
    return _root(content, MOST_BYTES, refused=("<!", "<?"))


def metadata(content: bytes) -> etree._Element:
    """The root of metadata that somebody uploads; comments in them are left out.

    Raises:
        Unreadable: see `message`.
    """
    return _root(content, MOST_METADATA_BYTES, refused=("<!DOCTYPE", "<!ENTITY", "<![CDATA["))


def text_of(element: etree._Element | None) -> str:
    """The text of an element that holds nothing else; "" where there is none.

    Raises:
        Unreadable: it holds elements.
    """
    if element is None:
        return ""
    if len(element):
        raise Unreadable("an element holds elements where it should hold text")
    return (element.text or "").strip()


def only(parent: etree._Element, name: str) -> etree._Element | None:
    """The one child of this qualified name; None where there is none.

    Raises:
        Unreadable: there are several.
    """
    children = parent.findall(name)
    if len(children) > 1:
        raise Unreadable("an element is there more than once")
    return children[0] if children else None


def _root(content: bytes, most: int, refused: tuple[str, ...]) -> etree._Element:
    if len(content) > most:
        raise Unreadable(f"it is longer than {most:,} bytes")
    try:
        # In another encoding what is refused below would look otherwise.
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable("it is no UTF-8") from None
    body = _without_declaration(text)
    if any(mark in body for mark in refused) or "\0" in body:
        raise Unreadable("it holds a document type, an entity, a comment or an instruction")
    root = _parsed(body.encode())
    if _depth(root) > DEEPEST:
        raise Unreadable(f"it has more than {DEEPEST} elements within each other")
    return root


def _without_declaration(text: str) -> str:
    text = text.lstrip()
    if text.startswith("<?xml"):
        return text.partition("?>")[2]
    return text


def _parsed(body: bytes) -> etree._Element:
    # A parser of its own for each: they hold state, and threads would share it.
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise Unreadable("it is no well-formed XML") from None
    return root


def _depth(root: etree._Element) -> int:
    deepest, level = 0, [root]
    while level and deepest <= DEEPEST:
        deepest += 1
        level = [child for element in level for child in element]
    return deepest
