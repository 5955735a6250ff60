"""Sign-out by SAML (SAML Profiles, 4.4): our requests and answers, and the SOAP around them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from lxml import etree

from rollcall.access.saml.messages import parsing
from rollcall.access.saml.messages.building import as_bytes, child, instant, message
from rollcall.access.saml.messages.names import SOAP, saml, samlp
from rollcall.access.saml.messages.parsing import Unreadable
from rollcall.access.saml.messages.signatures import Signer, signed

GOOD_FOR = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Farewell:
    """Whom an application is to sign out: by the name and the sign-on that it knows."""

    issuer: str
    destination: str
    name_id: str
    name_id_format: str
    session_index: str
    now: datetime


def request(farewell: Farewell, algorithm: str, signer: Signer) -> bytes:
    """The LogoutRequest of ours, in SOAP and signed (SAML Bindings, 3.2)."""
    root = message(
        samlp("LogoutRequest"),
        farewell.issuer,
        farewell.now,
        Destination=farewell.destination,
        NotOnOrAfter=instant(farewell.now + GOOD_FOR),
    )
    child(root, saml("NameID"), farewell.name_id, Format=farewell.name_id_format)
    child(root, samlp("SessionIndex"), farewell.session_index)
    return _in_soap(signed(root, algorithm, signer))


def response(
    issuer: str, destination: str, in_response_to: str, status: str, now: datetime
) -> etree._Element:
    """The LogoutResponse of ours; unsigned where the address is to be signed, not the message."""
    root = message(
        samlp("LogoutResponse"),
        issuer,
        now,
        Destination=destination,
        InResponseTo=in_response_to,
    )
    child(child(root, samlp("Status")), samlp("StatusCode"), Value=status)
    return root


def answer_in_soap(content: bytes) -> etree._Element:
    """The message that an application answers with.

    Raises:
        Unreadable: it is no SOAP with one message.
    """
    root = parsing.message(content)
    body = parsing.only(root, f"{{{SOAP}}}Body")
    if root.tag != f"{{{SOAP}}}Envelope" or body is None or len(body) != 1:
        raise Unreadable("it is no SOAP with one message")
    return body[0]


def _in_soap(root: etree._Element) -> bytes:
    envelope = etree.Element(f"{{{SOAP}}}Envelope", nsmap={"soap": SOAP})
    child(envelope, f"{{{SOAP}}}Body").append(root)
    return as_bytes(envelope)
