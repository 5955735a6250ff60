"""E-mails about accounts: which there are, what may stand in them, and how they are filled.

Pure; `account_mail` knows whom they go to, `mail_texts` what the organization has written.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Final

LONGEST_SUBJECT: Final = 150
LONGEST_BODY: Final = 5000
"""Characters of a text that an administrator writes."""

PLACEHOLDER: Final = re.compile(r"\{([^{}\s]{0,40})\}")
COLOR: Final = re.compile(r"#[0-9a-fA-F]{6}")
DEFAULT_COLOR: Final = "#0f5a6b"


class Kind(enum.StrEnum):
    """An e-mail that the organization can word itself (JumpCloud's `CustomEmailType`)."""

    ACTIVATION = "activation"
    RESET = "reset"
    RECOVERY_ADDRESS = "recovery_address"
    EXPIRY_WARNING = "expiry_warning"
    LOCK_OUT = "lock_out"
    WELCOME = "welcome"


ALWAYS: Final = frozenset({"first_name", "organization"})

PLACEHOLDERS: Final[Mapping[Kind, frozenset[str]]] = {
    Kind.ACTIVATION: ALWAYS | {"link", "days"},
    Kind.RESET: ALWAYS | {"link"},
    Kind.RECOVERY_ADDRESS: ALWAYS | {"link"},
    Kind.EXPIRY_WARNING: ALWAYS | {"link", "days"},
    Kind.LOCK_OUT: ALWAYS | {"minutes"},
    Kind.WELCOME: ALWAYS | {"link"},
}
"""What each may hold in braces."""

NEEDED: Final = frozenset({Kind.ACTIVATION, Kind.RESET, Kind.RECOVERY_ADDRESS})
"""Those that are of no use without their link."""


@dataclass(frozen=True, slots=True)
class Text:
    """An e-mail as somebody wrote it, with placeholders such as `{first_name}`."""

    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Look:
    """How the organization's e-mails look: its name, its colour, and whether a logo is attached."""

    organization: str
    color: str = DEFAULT_COLOR
    has_logo: bool = False


def unknown(kind: Kind, text: str) -> tuple[str, ...]:
    """The placeholders in this text that such an e-mail knows nothing of, as they are written."""
    names = dict.fromkeys(PLACEHOLDER.findall(text))
    return tuple(f"{{{name}}}" for name in names if name not in PLACEHOLDERS[kind])


def lacks_link(kind: Kind, body: str) -> bool:
    """Whether the body needs a link and has none."""
    return kind in NEEDED and "link" not in PLACEHOLDER.findall(body)


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with its values; what has none is left out (JumpCloud: undefined = blank)."""
    return PLACEHOLDER.sub(lambda match: values.get(match[1], ""), text)


def as_html(body: str, values: Mapping[str, str], look: Look, logo: str = "") -> str:
    """The body as an HTML document: paragraphs, the link as one, the logo on top.

    `logo` is where the picture is found (`cid:…` in an e-mail). Everything is escaped: nothing that
    an administrator has written, or that somebody is called, is markup.
    """
    color = look.color if COLOR.fullmatch(look.color) else DEFAULT_COLOR
    name = escape(look.organization)
    head = f'<img src="{escape(logo)}" alt="{name}" height="48">' if logo else name
    paragraphs = "".join(
        f'<p style="margin:0 0 16px;overflow-wrap:anywhere">{_lines(part, values, color)}</p>'
        for part in re.split(r"\n\s*\n", body.strip())
    )
    return (
        '<!doctype html><html><head><meta charset="utf-8"></head>'
        '<body style="margin:0;padding:24px;background:#f4f6f8;color:#1f2933;'
        'font:16px/1.5 system-ui,sans-serif">'
        '<div style="max-width:560px;margin:0 auto;padding:24px;background:#ffffff;'
        f'border-top:4px solid {color}">'
        f'<p style="margin:0 0 16px;font-weight:600;color:{color}">{head}</p>{paragraphs}</div>'
        "</body></html>"
    )


def _lines(paragraph: str, values: Mapping[str, str], color: str) -> str:
    """The paragraph's text, escaped piece by piece so that a value is never read as markup."""
    pieces = PLACEHOLDER.split(paragraph)
    # The pieces alternate: a text, a placeholder's name, a text, …
    texts = (
        _value(piece, values, color) if number % 2 else escape(piece)
        for number, piece in enumerate(pieces)
    )
    return "".join(texts).replace("\n", "<br>")


def _value(name: str, values: Mapping[str, str], color: str) -> str:
    value = escape(values.get(name, ""))
    return f'<a href="{value}" style="color:{color}">{value}</a>' if name == "link" else value
