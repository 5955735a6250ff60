"""What an application is answered: a Response with its assertion, or with why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from cryptography import x509
from lxml import etree

from rollcall.access.saml.messages.building import as_bytes, child, instant, message
from rollcall.access.saml.messages.encryption import encrypted
from rollcall.access.saml.messages.names import (
    BASIC_ATTRIBUTES,
    BEARER,
    SUCCESS,
    URI_ATTRIBUTES,
    saml,
    samlp,
)
from rollcall.access.saml.messages.signatures import Signer, signed

SKEW: Final = timedelta(seconds=60)
"""How long before now an assertion is good already: the application's clock may be behind."""


@dataclass(frozen=True, slots=True)
class Answer:
    """To whom and to what: our name, theirs, the address, and the request that is answered.

    `in_response_to` is "" for a sign-on that began here.
    """

    issuer: str
    audience: str
    destination: str
    in_response_to: str
    now: datetime


@dataclass(frozen=True, slots=True)
class Subject:
    """Who signs on, and how sure that is.

    `authenticated` is when they proved it, `authn_context` how; `session_until` is how long the
    application may keep them signed in.
    """

    name_id: str
    name_id_format: str
    session_index: str
    authenticated: datetime
    authn_context: str
    session_until: datetime
    attributes: Mapping[str, str | list[str]]


@dataclass(frozen=True, slots=True)
class Sealing:
    """How the answer is protected; `encrypt_for` None leaves the assertion readable."""

    signer: Signer
    algorithm: str
    sign_response: bool
    sign_assertion: bool
    encrypt_for: x509.Certificate | None = None


def success(answer: Answer, subject: Subject, valid: timedelta, sealing: Sealing) -> bytes:
    """The response that signs somebody on; its assertion is good for `valid`."""
    root = _response(answer)
    _status(root, SUCCESS)
    assertion = _assertion(answer, subject, valid)
    if sealing.sign_assertion:
        assertion = _signed(assertion, sealing)
    if sealing.encrypt_for is not None:
        assertion = encrypted(assertion, sealing.encrypt_for)
    root.append(assertion)
    return as_bytes(_signed(root, sealing) if sealing.sign_response else root)


def failure(answer: Answer, codes: tuple[str, ...], text: str, sealing: Sealing) -> bytes:
    """The response that says why nobody is signed on (SAML Core, 3.2.2): the widest code first.

    It is signed whatever is set: there is no assertion to bear the signature.
    """
    root = _response(answer)
    status = _status(root, *codes)
    child(status, samlp("StatusMessage"), text)
    return as_bytes(_signed(root, sealing))


def _response(answer: Answer) -> etree._Element:
    return message(
        samlp("Response"),
        answer.issuer,
        answer.now,
        Destination=answer.destination,
        InResponseTo=answer.in_response_to,
    )


def _status(root: etree._Element, *codes: str) -> etree._Element:
    status = inner = child(root, samlp("Status"))
    for code in codes:
        inner = child(inner, samlp("StatusCode"), Value=code)
    return status


def _assertion(answer: Answer, subject: Subject, valid: timedelta) -> etree._Element:
    root = message(saml("Assertion"), answer.issuer, answer.now)
    until = instant(answer.now + valid)
    who = child(root, saml("Subject"))
    child(who, saml("NameID"), subject.name_id, Format=subject.name_id_format)
    confirmation = child(who, saml("SubjectConfirmation"), Method=BEARER)
    child(
        confirmation,
        saml("SubjectConfirmationData"),
        NotOnOrAfter=until,
        Recipient=answer.destination,
        InResponseTo=answer.in_response_to,
    )
    conditions = child(
        root, saml("Conditions"), NotBefore=instant(answer.now - SKEW), NotOnOrAfter=until
    )
    child(child(conditions, saml("AudienceRestriction")), saml("Audience"), answer.audience)
    statement = child(
        root,
        saml("AuthnStatement"),
        AuthnInstant=instant(subject.authenticated),
        SessionIndex=subject.session_index,
        SessionNotOnOrAfter=instant(subject.session_until),
    )
    context = child(statement, saml("AuthnContext"))
    child(context, saml("AuthnContextClassRef"), subject.authn_context)
    _attributes(root, subject.attributes)
    return root


def _attributes(root: etree._Element, attributes: Mapping[str, str | list[str]]) -> None:
    told = {name: value for name, value in attributes.items() if value}
    if not told:
        return
    statement = child(root, saml("AttributeStatement"))
    for name, value in told.items():
        format_ = (
            URI_ATTRIBUTES if name.startswith(("urn:", "http://", "https://")) else BASIC_ATTRIBUTES
        )
        attribute = child(statement, saml("Attribute"), Name=name, NameFormat=format_)
        for text in [value] if isinstance(value, str) else value:
            child(attribute, saml("AttributeValue"), text)


def _signed(element: etree._Element, sealing: Sealing) -> etree._Element:
    return signed(element, sealing.algorithm, sealing.signer)
