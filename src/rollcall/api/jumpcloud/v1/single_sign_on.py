"""How an application signs people on, in the vendor's form (JumpCloud v1, `sso` and `oidc`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from rollcall.access.oidc.models import AuthMethod, Client
from rollcall.access.saml import certificates
from rollcall.api.jumpcloud.moments import moment
from rollcall.api.jumpcloud.v1 import saml
from rollcall.directory.models import Application

SSO: Final[Mapping[str, Any]] = {"type": "bookmark", "beta": False, "hidden": False, "jit": False}
GRANTS: Final = ("authorization_code", "refresh_token")
METHODS: Final[Mapping[str, str]] = {AuthMethod.ANY.value: AuthMethod.BASIC.value}
"""The vendor has no word for a client that may use either method."""


def sso_of(application: Application) -> dict[str, Any]:
    """The application's `sso`; `hidden` where it has no tile in the user portal."""
    shown = {**SSO, "hidden": not application.shown_in_portal}
    if connection := saml.connection_of(application):
        expires = certificates.current(connection).not_after
        return {**shown, "type": "saml", "idpCertExpirationAt": moment(expires)}
    return {**shown, "type": "oidc"} if _client(application) else shown


def sso_of_template(sso: str) -> dict[str, Any]:
    """The `sso` of a template that signs people on like this; "" for one that does not."""
    return {**SSO, "type": sso or SSO["type"]}


def oidc_of(application: Application) -> dict[str, Any] | None:
    """The application's `oidc`; None for one that is no client. Never its secret."""
    client = _client(application)
    if client is None:
        return None
    method = str(client.auth_method)
    return {
        "clientId": client.client_id,
        "grantTypes": list(GRANTS),
        "redirectUris": client.redirect_addresses,
        "ssoUrl": client.initiate_login_uri,
        "tokenEndpointAuthMethod": METHODS.get(method, method),
    }


def _client(application: Application) -> Client | None:
    return getattr(application, "oidc_client", None)
