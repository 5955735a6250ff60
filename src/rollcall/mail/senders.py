"""Who e-mails may be from: one rule for the setting and for Settings → Notifications."""

from __future__ import annotations

from email.errors import HeaderParseError
from email.headerregistry import Address
from email.utils import parseaddr
from typing import Final

from rollcall.core import emails, text

LONGEST: Final = 255
"""Characters of a sender."""

NONE: Final = "is no sender: write an address like it@example.com or IT <it@example.com>"


def valid_sender(sender: str) -> str:
    """One address, perhaps with a name in front: `it@example.com`, `IT <it@example.com>`.

    Raises:
        ValueError: it is none, is longer than `LONGEST`, or holds control characters, with which a
            sender could write further headers.
    """
    sender = sender.strip(" ")
    name, address = parseaddr(sender)
    if text.holds_controls(sender) or len(sender) > LONGEST or not _is_address(address):
        raise ValueError(NONE)
    if sender != address and not sender.endswith(f"<{address}>"):
        raise ValueError(NONE)
    try:
        Address(name, addr_spec=address)
    except (ValueError, HeaderParseError):  # what Python would not put into a header is none either
        raise ValueError(NONE) from None
    return sender


def _is_address(address: str) -> bool:
    # this machine's own name is enough for who only reads the e-mails here
    local, _, domain = address.rpartition("@")
    return emails.is_valid(
        emails.normalize(f"{local}@example.org" if domain == "localhost" else address)
    )
