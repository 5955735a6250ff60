"""The names of SAML 2.0: namespaces, bindings, statuses, classes of authentication."""

from __future__ import annotations

from typing import Final

SAML: Final = "urn:oasis:names:tc:SAML:2.0:assertion"
SAMLP: Final = "urn:oasis:names:tc:SAML:2.0:protocol"
MD: Final = "urn:oasis:names:tc:SAML:2.0:metadata"
DS: Final = "http://www.w3.org/2000/09/xmldsig#"
XENC: Final = "http://www.w3.org/2001/04/xmlenc#"
SOAP: Final = "http://schemas.xmlsoap.org/soap/envelope/"

REDIRECT: Final = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
POST: Final = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
SOAP_BINDING: Final = "urn:oasis:names:tc:SAML:2.0:bindings:SOAP"

_STATUS: Final = "urn:oasis:names:tc:SAML:2.0:status:"
SUCCESS: Final = f"{_STATUS}Success"
REQUESTER: Final = f"{_STATUS}Requester"
RESPONDER: Final = f"{_STATUS}Responder"
NO_PASSIVE: Final = f"{_STATUS}NoPassive"
NO_AUTHN_CONTEXT: Final = f"{_STATUS}NoAuthnContext"
INVALID_NAME_ID_POLICY: Final = f"{_STATUS}InvalidNameIDPolicy"
REQUEST_DENIED: Final = f"{_STATUS}RequestDenied"
UNSUPPORTED_BINDING: Final = f"{_STATUS}UnsupportedBinding"

BASIC_ATTRIBUTES: Final = "urn:oasis:names:tc:SAML:2.0:attrname-format:basic"
URI_ATTRIBUTES: Final = "urn:oasis:names:tc:SAML:2.0:attrname-format:uri"
BEARER: Final = "urn:oasis:names:tc:SAML:2.0:cm:bearer"

_CLASS: Final = "urn:oasis:names:tc:SAML:2.0:ac:classes:"
PASSWORD_CLASSES: Final = frozenset(
    {f"{_CLASS}PasswordProtectedTransport", f"{_CLASS}Password", f"{_CLASS}unspecified"}
)
"""Classes that a password meets here: pages of sign-in are served by TLS."""
MFA_CLASSES: Final = frozenset(
    {
        "https://refeds.org/profile/mfa",
        "http://schemas.microsoft.com/claims/multipleauthn",
        f"{_CLASS}TimeSyncToken",
        f"{_CLASS}MobileTwoFactorContract",
    }
)
"""Classes that take a second factor."""


def saml(name: str) -> str:
    """The qualified name of an element of assertions."""
    return f"{{{SAML}}}{name}"


def samlp(name: str) -> str:
    """The qualified name of an element of the protocol."""
    return f"{{{SAMLP}}}{name}"


def md(name: str) -> str:
    """The qualified name of an element of metadata."""
    return f"{{{MD}}}{name}"


def ds(name: str) -> str:
    """The qualified name of an element of signatures."""
    return f"{{{DS}}}{name}"
