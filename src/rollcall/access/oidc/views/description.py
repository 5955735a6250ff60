"""What the provider says of itself: the discovery document, and the keys that it signs with."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from rollcall.access.oidc import signing_keys
from rollcall.access.oidc.asking import PROMPTS, Mode
from rollcall.access.oidc.authentication import ACRS
from rollcall.access.oidc.claims import KNOWN
from rollcall.access.oidc.issuer import endpoint, issuer
from rollcall.access.oidc.library import SCOPES
from rollcall.access.oidc.models import Algorithm, AuthMethod

MAX_AGE = 3600
"""Seconds for which the lists may be kept: a new key is published a day before it signs."""


@require_safe
def discovery(request: HttpRequest) -> HttpResponse:
    """The metadata (OpenID Connect Discovery, 3; RFC 8414)."""
    confidential = [AuthMethod.BASIC.value, AuthMethod.POST.value]
    document = {
        "issuer": issuer(request),
        "authorization_endpoint": endpoint("oidc-authorize", request),
        "token_endpoint": endpoint("oidc-token", request),
        "userinfo_endpoint": endpoint("oidc-userinfo", request),
        "jwks_uri": endpoint("oidc-jwks", request),
        "introspection_endpoint": endpoint("oidc-introspect", request),
        "revocation_endpoint": endpoint("oidc-revoke", request),
        "end_session_endpoint": endpoint("oidc-logout", request),
        "scopes_supported": list(SCOPES),
        "response_types_supported": ["code"],
        "response_modes_supported": [mode.value for mode in Mode],
        "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": list(Algorithm.values),
        "token_endpoint_auth_methods_supported": [*confidential, AuthMethod.NONE.value],
        "introspection_endpoint_auth_methods_supported": confidential,
        "revocation_endpoint_auth_methods_supported": [*confidential, AuthMethod.NONE.value],
        "code_challenge_methods_supported": ["S256"],
        "claims_supported": [*KNOWN, "iss", "aud", "exp", "iat", "auth_time", "amr", "acr", "sid"],
        "acr_values_supported": list(ACRS),
        "prompt_values_supported": list(PROMPTS),
        "ui_locales_supported": ["en", "de"],
        "claims_parameter_supported": True,
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
        "backchannel_logout_supported": True,
        "backchannel_logout_session_supported": True,
        "authorization_response_iss_parameter_supported": True,
    }
    return _for_everybody(document)


@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    """The public halves of the keys (RFC 7517)."""
    return _for_everybody({"keys": signing_keys.published()})


def _for_everybody(document: dict[str, object]) -> HttpResponse:
    """A document that pages of any site may read: nothing in it is anybody's."""
    headers = {
        "Access-Control-Allow-Origin": "*",
        "Cache-Control": f"public, max-age={MAX_AGE}",
    }
    return JsonResponse(document, headers=headers)
