"""The addresses of an application's sign-on by SAML, all under the installation's base address."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from rollcall.access.oidc.issuer import issuer
from rollcall.access.saml.models import Connection


def sso_url(connection: Connection, request: HttpRequest | None = None) -> str:
    """Where the application sends people, and where its tile leads."""
    return _address("saml-sign-on", connection, request)


def metadata_url(connection: Connection, request: HttpRequest | None = None) -> str:
    """Where the application reads what we are."""
    return _address("saml-metadata", connection, request)


def sign_out_url(connection: Connection, request: HttpRequest | None = None) -> str:
    """Where the application sends people who sign out, and its answers to our sign-outs."""
    return _address("saml-sign-out", connection, request)


def entity_id(connection: Connection, request: HttpRequest | None = None) -> str:
    """What we are called at this application."""
    return connection.idp_entity_id or metadata_url(connection, request)


def _address(route: str, connection: Connection, request: HttpRequest | None) -> str:
    return f"{issuer(request)}{reverse(route, kwargs={'path': connection.path})}"
