"""Small parts that all of our messages share: their head, their times, text that XML can hold."""

from __future__ import annotations

import re
import secrets
from datetime import UTC, datetime
from typing import Final

from lxml import etree

from rollcall.access.saml.messages.names import SAML, SAMLP, saml

NAMESPACES: Final = {"saml": SAML, "samlp": SAMLP}
_UNWRITABLE: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def new_id() -> str:
    """A name for a message or an assertion: 160 random bits (SAML Core, 1.3.4)."""
    return f"_{secrets.token_hex(20)}"


def instant(moment: datetime) -> str:
    """The moment as messages have it: UTC, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def child(parent: etree._Element, name: str, text: str = "", **attributes: str) -> etree._Element:
    """A new last child; empty attributes are left out."""
    element = etree.SubElement(parent, name)
    for key, value in attributes.items():
        if value:
            element.set(key, writable(value))
    if text:
        element.text = writable(text)
    return element


def message(name: str, issuer: str, now: datetime, **attributes: str) -> etree._Element:
    """The root of a message of ours, with who it is from."""
    root = etree.Element(name, nsmap=NAMESPACES)
    head = {"ID": new_id(), "Version": "2.0", "IssueInstant": instant(now), **attributes}
    for key, value in head.items():
        if value:
            root.set(key, writable(value))
    child(root, saml("Issuer"), issuer)
    return root


def writable(text: str) -> str:
    """The text without what XML cannot hold."""
    return _UNWRITABLE.sub("", text)


def as_bytes(root: etree._Element) -> bytes:
    """The message as it is sent."""
    return bytes(etree.tostring(root, encoding="utf-8", xml_declaration=False))
