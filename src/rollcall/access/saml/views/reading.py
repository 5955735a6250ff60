"""What a browser brings from an application: read, and believed only where it is signed."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

from cryptography.hazmat.primitives.asymmetric import rsa
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from lxml import etree

from rollcall.access.saml.configuration import certificate_of
from rollcall.access.saml.messages import bindings, parsing, signatures
from rollcall.access.saml.messages.bindings import LONGEST_RELAY_STATE
from rollcall.access.saml.messages.parsing import Unreadable
from rollcall.access.saml.messages.requests import has_signature
from rollcall.access.saml.messages.signatures import Unsigned
from rollcall.access.saml.models import Connection

POSTED: Final = "posted"
"""How a message that came in a form goes on in an address of ours, its signature within it."""
LONGEST_POSTED: Final = 6_000
"""Characters of it: the address stands in that of the page of sign-in once more."""


def as_get(request: HttpRequest, name: str) -> HttpResponse:
    """The same request as a GET, which brings the session along.

    A form of another site comes without our cookie; the redirect is a navigation of its own.

    Raises:
        Unreadable: the form holds no message, or one that is too long.
    """
    content = bindings.from_form(request.POST.get(name, ""))
    parsing.message(content)
    packed = bindings.packed(content)
    if len(packed) > LONGEST_POSTED:
        raise Unreadable("it is too long")
    query = {POSTED: packed}
    if state := relay_state(request.POST.get("RelayState", "")):
        query["RelayState"] = state
    return redirect(f"{request.path}?{urlencode(query)}")


def message_of(request: HttpRequest, name: str, connection: Connection) -> etree._Element | None:
    """The message in this request's address, checked as far as a signature can; None for none.

    Raises:
        Unreadable: it is none.
        Unsigned: it is not signed though it has to be, or not by the application.
    """
    values = [*request.GET.getlist(POSTED), *request.GET.getlist(name)]
    if not values:
        return None
    if len(values) > 1:
        raise Unreadable("it is there more than once")
    root = parsing.message(bindings.unpacked(values[0]))
    if POSTED in request.GET:
        return _enveloped(root, connection)
    return _detached(request, name, root, connection)


def relay_state(text: str) -> str:
    """The state that an application gave us to give back.

    Raises:
        Unreadable: it is too long.
    """
    if len(text) > LONGEST_RELAY_STATE or "\0" in text:
        raise Unreadable("RelayState is too long")
    return text


def is_signed(request: HttpRequest, root: etree._Element, connection: Connection) -> bool:
    """Whether a message that `message_of` has given was signed by the application."""
    if not connection.sp_certificate:
        return False
    return has_signature(root) if POSTED in request.GET else "Signature" in request.GET


def _enveloped(root: etree._Element, connection: Connection) -> etree._Element:
    if connection.sp_certificate and has_signature(root):
        return signatures.verified(root, certificate_of(connection.sp_certificate))
    if connection.signed_requests:
        raise Unsigned("it is not signed")
    return root


def _detached(
    request: HttpRequest, name: str, root: etree._Element, connection: Connection
) -> etree._Element:
    if connection.sp_certificate and "Signature" in request.GET:
        key = certificate_of(connection.sp_certificate).public_key()
        query = request.META.get("QUERY_STRING", "")
        if not isinstance(key, rsa.RSAPublicKey) or not bindings.is_signed_by(query, name, key):
            raise Unsigned("its signature is not the application's")
    elif connection.signed_requests:
        raise Unsigned("it is not signed")
    return root
