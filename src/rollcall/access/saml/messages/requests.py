"""What an application asks for: its AuthnRequest, its LogoutRequest and LogoutResponse, read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from lxml import etree

from rollcall.access.saml.messages.names import ds, saml, samlp
from rollcall.access.saml.messages.parsing import Unreadable, only, text_of

LONGEST_ID: Final = 256
MOST_CLASSES: Final = 20
MOST_INDEXES: Final = 20
_ID: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.\-]*")
_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)?")


@dataclass(frozen=True, slots=True)
class AuthnRequest:
    """A request to sign somebody on (SAML Core, 3.4.1).

    `acs_url` is where the answer is wanted, "" where the request names none; `acs_index` the same
    by number. `name_id_format` is "" where any will do. `classes` are the classes of authentication
    of which one is wanted, as `comparison` has it.
    """

    id: str
    issuer: str
    issued: datetime
    destination: str = ""
    acs_url: str = ""
    acs_index: int | None = None
    binding: str = ""
    force: bool = False
    passive: bool = False
    name_id_format: str = ""
    sp_name_qualifier: str = ""
    classes: tuple[str, ...] = ()
    comparison: str = "exact"
    login_hint: str = ""


@dataclass(frozen=True, slots=True)
class LogoutRequest:
    """A request to sign somebody out (SAML Core, 3.7.1); no `indexes` mean all their sign-ons."""

    id: str
    issuer: str
    issued: datetime
    name_id: str
    indexes: tuple[str, ...] = ()
    destination: str = ""


def authn_request(root: etree._Element) -> AuthnRequest:
    """The request.

    Raises:
        Unreadable: it is none, or lacks what every request has.
    """
    id_, issuer, issued = _head(root, "AuthnRequest")
    policy = only(root, samlp("NameIDPolicy"))
    context = only(root, samlp("RequestedAuthnContext"))
    subject = only(root, saml("Subject"))
    return AuthnRequest(
        id=id_,
        issuer=issuer,
        issued=issued,
        destination=root.get("Destination", ""),
        acs_url=root.get("AssertionConsumerServiceURL", ""),
        acs_index=_number(root.get("AssertionConsumerServiceIndex")),
        binding=root.get("ProtocolBinding", ""),
        force=_flag(root.get("ForceAuthn")),
        passive=_flag(root.get("IsPassive")),
        name_id_format="" if policy is None else policy.get("Format", ""),
        sp_name_qualifier="" if policy is None else policy.get("SPNameQualifier", ""),
        classes=_classes(context),
        comparison="exact" if context is None else context.get("Comparison", "exact"),
        login_hint="" if subject is None else text_of(only(subject, saml("NameID")))[:254],
    )


def logout_request(root: etree._Element) -> LogoutRequest:
    """The request.

    Raises:
        Unreadable: it is none, or names nobody in clear.
    """
    id_, issuer, issued = _head(root, "LogoutRequest")
    name_id = text_of(only(root, saml("NameID")))
    if not name_id:
        raise Unreadable("it names nobody")
    indexes = tuple(text_of(index) for index in root.findall(samlp("SessionIndex")))
    if len(indexes) > MOST_INDEXES:
        raise Unreadable("it names too many sessions")
    return LogoutRequest(id_, issuer, issued, name_id, indexes, root.get("Destination", ""))


def is_logout_response(root: etree._Element) -> bool:
    """Whether this answers a request of ours to sign somebody out."""
    return bool(root.tag == samlp("LogoutResponse"))


def status_of(root: etree._Element) -> str:
    """The first code of an answer's status; "" where there is none.

    Raises:
        Unreadable: there are several.
    """
    status = only(root, samlp("Status"))
    code = None if status is None else only(status, samlp("StatusCode"))
    return "" if code is None else code.get("Value", "")


def has_signature(root: etree._Element) -> bool:
    """Whether a signature stands in the message itself."""
    return root.find(ds("Signature")) is not None


def _head(root: etree._Element, name: str) -> tuple[str, str, datetime]:
    if root.tag != samlp(name):
        raise Unreadable(f"it is no {name}")
    if root.get("Version") != "2.0":
        raise Unreadable("it is not of SAML 2.0")
    id_ = root.get("ID", "")
    if len(id_) > LONGEST_ID or not _ID.fullmatch(id_):
        raise Unreadable("its ID is none")
    issuer = text_of(only(root, saml("Issuer")))
    if not issuer:
        raise Unreadable("it does not say whose it is")
    return id_, issuer, _instant(root.get("IssueInstant", ""))


def _instant(text: str) -> datetime:
    """The moment (XML Schema, `dateTime`), to the microsecond; without a zone it is UTC."""
    if not _INSTANT.fullmatch(text):
        raise Unreadable("its time is none")
    # Python's own reading takes six digits of a second, the standard more.
    whole, _, rest = text.partition(".")
    digits = re.match(r"\d*", rest)
    zone = rest[digits.end() :] if digits else ""
    fraction = f".{digits.group()[:6]}" if digits and digits.group() else ""
    try:
        moment = datetime.fromisoformat(f"{whole}{fraction}{zone}")
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise Unreadable("its time is none") from None


def _flag(text: str | None) -> bool:
    if text not in (None, "true", "false", "1", "0"):
        raise Unreadable("a switch is neither on nor off")
    return text in ("true", "1")


def _number(text: str | None) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= 5):
        raise Unreadable("an index is no number")
    return int(text)


def _classes(context: etree._Element | None) -> tuple[str, ...]:
    if context is None:
        return ()
    found = context.findall(saml("AuthnContextClassRef"))
    if len(found) > MOST_CLASSES:
        raise Unreadable("it names too many classes")
    return tuple(text_of(element) for element in found)
