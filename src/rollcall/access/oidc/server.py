"""What the protocol's engine offers: codes with PKCE (S256), refresh, a client's own tokens."""

from __future__ import annotations

import secrets
from typing import Any

from oauthlib.oauth2.rfc6749.endpoints import (
    AuthorizationEndpoint,
    RevocationEndpoint,
    TokenEndpoint,
)
from oauthlib.oauth2.rfc6749.grant_types import ClientCredentialsGrant
from oauthlib.oauth2.rfc6749.grant_types.authorization_code import code_challenge_method_s256
from oauthlib.oauth2.rfc6749.tokens import BearerToken
from oauthlib.openid.connect.core.endpoints.userinfo import UserInfoEndpoint
from oauthlib.openid.connect.core.grant_types import AuthorizationCodeGrant, RefreshTokenGrant

OFFLINE = "offline_access"


class OfflineBearerToken(BearerToken):  # type: ignore[misc]  # the library ships no types
    """Gives a refresh token to whom `offline_access` was asked for (OpenID Connect Core, 11)."""

    __slots__ = ()

    def create_token(self, request: Any, refresh_token: bool = False, **options: Any) -> Any:
        """A new access token, and with it a refresh token where the sign-on is for that."""
        offline = refresh_token and OFFLINE in request.sign_on.scopes
        token = super().create_token(request, refresh_token=offline, **options)
        if token.get("scope") == "":
            # No scope at all is written by leaving it out (RFC 6749, 3.3).
            del token["scope"]
        return token


def _random(request: Any) -> str:
    # The library's own asks for randomness once for each of its thirty letters.
    return secrets.token_urlsafe(32)


class Server(
    AuthorizationEndpoint,  # type: ignore[misc]  # the library ships no types
    TokenEndpoint,  # type: ignore[misc]
    RevocationEndpoint,  # type: ignore[misc]
    UserInfoEndpoint,  # type: ignore[misc]
):
    """The endpoints, each with the one or two grants that it takes."""

    def __init__(self, request_validator: Any, token_expires_in: int, **_: Any) -> None:
        code = AuthorizationCodeGrant(request_validator)
        # Without "plain", which a client that leaves the method out would have chosen.
        code.proxy_target._code_challenge_methods = {"S256": code_challenge_method_s256}
        refresh = RefreshTokenGrant(request_validator)
        bearer = OfflineBearerToken(
            request_validator, token_generator=_random, expires_in=token_expires_in
        )
        AuthorizationEndpoint.__init__(
            self,
            default_response_type="code",
            response_types={"code": code},
            default_token_type=bearer,
        )
        TokenEndpoint.__init__(
            self,
            default_grant_type="authorization_code",
            grant_types={
                "authorization_code": code,
                "refresh_token": refresh,
                "client_credentials": ClientCredentialsGrant(request_validator),
            },
            default_token_type=bearer,
        )
        RevocationEndpoint.__init__(self, request_validator)
        UserInfoEndpoint.__init__(self, request_validator)
