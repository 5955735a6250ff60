"""Whether a request of an application can be met: pure, from the request and what is set of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from rollcall.access.oidc.authentication import MFA_ACR
from rollcall.access.saml.configuration import Configuration, NameIdFormat
from rollcall.access.saml.messages.names import (
    INVALID_NAME_ID_POLICY,
    MFA_CLASSES,
    NO_AUTHN_CONTEXT,
    PASSWORD_CLASSES,
    POST,
    REQUESTER,
    RESPONDER,
    UNSUPPORTED_BINDING,
)
from rollcall.access.saml.messages.parsing import Unreadable
from rollcall.access.saml.messages.requests import AuthnRequest

GOOD_FOR: Final = timedelta(hours=1)
"""How old a request may be: signing in may take its time, with a password forgotten meanwhile."""
SKEW: Final = timedelta(minutes=5)
"""How far ahead of ours the application's clock may be."""

FORMATS: Final = {
    NameIdFormat.TRANSIENT.value: "",
    NameIdFormat.PERSISTENT.value: "id",
    NameIdFormat.EMAIL.value: "email",
}
"""Formats that a request may ask for beside the one that is set, each with its user's field."""


class Unanswerable(Exception):
    """The request cannot be met: `codes` say why to the application, the widest first."""

    def __init__(self, *codes: str, text: str = "") -> None:
        super().__init__(text)
        self.codes = codes
        self.text = text


@dataclass(frozen=True, slots=True)
class NameIdWish:
    """Which name the application wants: its format, and the user's field, "" for a random one."""

    format: str
    attribute: str


def hold_to_sender(
    issuer: str,
    issued: datetime,
    destination: str,
    expected: Configuration,
    ours: str,
    now: datetime,
) -> None:
    """Refuse what was not sent by this application, to this address, just now.

    Raises:
        Unreadable: so it is.
    """
    if issuer != expected.sp_entity_id:
        raise Unreadable("it is another application's")
    if destination and destination != ours:
        raise Unreadable("it was sent to another address")
    if not now - GOOD_FOR <= issued <= now + SKEW:
        raise Unreadable("it is too old, or the application's clock is wrong")


def acs_of(request: AuthnRequest, configuration: Configuration) -> str:
    """Where the answer goes: an address that is set, by its letters or its number.

    Numbers count from 0 in the order of what is set.

    Raises:
        Unreadable: the request wants it elsewhere.
    """
    addresses = configuration.acs_urls
    if request.acs_url:
        if request.acs_url not in addresses:
            raise Unreadable("it wants its answer at an address that is not registered")
        return request.acs_url
    if request.acs_index is not None and request.acs_index < len(addresses):
        return addresses[request.acs_index]
    return addresses[0]


def hold_to_binding(request: AuthnRequest) -> None:
    """Raises Unanswerable: the answer is wanted by another binding than POST."""
    if request.binding not in ("", POST):
        raise Unanswerable(RESPONDER, UNSUPPORTED_BINDING, text="answers are sent by HTTP-POST")


def name_id_wish(request: AuthnRequest | None, configuration: Configuration) -> NameIdWish:
    """Which name the person gets: the one that is set, or another that the request asks for.

    Raises:
        Unanswerable: for a format that there is not.
    """
    own = NameIdWish(configuration.name_id_format, configuration.name_id_attribute)
    if own.format == NameIdFormat.TRANSIENT.value:
        own = NameIdWish(own.format, "")
    asked = request.name_id_format if request else ""
    if asked in ("", NameIdFormat.UNSPECIFIED.value, own.format):
        return own
    if asked in FORMATS:
        return NameIdWish(asked, FORMATS[asked])
    raise Unanswerable(REQUESTER, INVALID_NAME_ID_POLICY, text="there is no name of this format")


def wants_factor(request: AuthnRequest | None) -> bool:
    """Whether the request takes a second factor.

    Raises:
        Unanswerable: it names only classes that there are not, or wants less or more than any.
    """
    if request is None or not request.classes:
        return False
    asked = set(request.classes)
    if request.comparison in ("exact", "minimum") and asked & PASSWORD_CLASSES:
        return False
    if request.comparison in ("exact", "minimum") and asked & MFA_CLASSES:
        return True
    # More than a password is a second factor; at most something is met by a password.
    if request.comparison == "better" and asked <= PASSWORD_CLASSES:
        return True
    if request.comparison == "maximum" and asked & (PASSWORD_CLASSES | MFA_CLASSES):
        return False
    raise Unanswerable(REQUESTER, NO_AUTHN_CONTEXT, text="there is no such class here")


def context_told(request: AuthnRequest | None, acr: str) -> str:
    """The class that the assertion names: where exactly one was asked for and is met, that one."""
    if request is None or request.comparison != "exact":
        return acr
    met = PASSWORD_CLASSES | MFA_CLASSES if acr == MFA_ACR else PASSWORD_CLASSES
    wanted = [class_ for class_ in request.classes if class_ in met]
    if acr in wanted or not wanted:
        return acr
    return wanted[0]
