"""The endpoints that applications call themselves: token, userinfo, introspection, revocation."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import View
from oauth2_provider.views.mixins import OAuthLibMixin
from oauthlib.common import Request

from rollcall.access.oidc import own_tokens, sign_ons
from rollcall.access.oidc.engine import is_readable, issuer_of
from rollcall.access.oidc.models import AccessToken, OwnToken

SECRETS = (
    "client_secret",
    "client_assertion",
    "code",
    "refresh_token",
    "code_verifier",
    "token",
    "access_token",
)
UNREADABLE = {"error": "invalid_request"}


@method_decorator((csrf_exempt, sensitive_post_parameters(*SECRETS)), name="dispatch")
class EngineView(OAuthLibMixin, View):  # type: ignore[misc]  # the library ships no types
    """Hands a request to the protocol's engine, and back what it says."""

    http_method_names = ["post", "options"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The answer; a request that is no text is refused before the engine reads it.

        So is one with a secret in its address, which would stand in logs (RFC 6750, 5.3).
        """
        if not request.GET.keys().isdisjoint(SECRETS):
            return JsonResponse(UNREADABLE, status=400)
        try:
            if is_readable(request):
                return super().dispatch(request, *args, **kwargs)
        # The engine's own reading is stricter than Django's.
        except ValueError:
            pass
        return JsonResponse(UNREADABLE, status=400)

    def post(self, request: HttpRequest) -> HttpResponse:
        """What the engine says."""
        _, headers, body, status = self.ask(request)
        return HttpResponse(body or "", status=status, headers=headers)

    def ask(self, request: HttpRequest) -> tuple[str, dict[str, str], str, int]:
        """The engine's answer: address, headers, body, status."""
        raise NotImplementedError


class TokenView(EngineView):
    """Tokens for a code or for a refresh token (RFC 6749, 3.2)."""

    def ask(self, request: HttpRequest) -> Any:
        """See `EngineView.ask`."""
        return self.create_token_response(request)


class RevocationView(EngineView):
    """Ends the sign-on of a token (RFC 7009)."""

    def ask(self, request: HttpRequest) -> Any:
        """See `EngineView.ask`."""
        return self.create_revocation_response(request)


class UserInfoView(EngineView):
    """The claims about whom an access token is of (OpenID Connect Core, 5.3)."""

    http_method_names = ["get", "post", "options"]

    def get(self, request: HttpRequest) -> HttpResponse:
        """The same as by POST."""
        return self.post(request)

    def ask(self, request: HttpRequest) -> Any:
        """See `EngineView.ask`."""
        return self.create_userinfo_response(request)


class IntrospectionView(EngineView):
    """Whether a token of the asking client is worth something now (RFC 7662)."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """What is known of the token; of another client's, only that it is not active."""
        core = self.get_oauthlib_core()
        asking = Request(*core._extract_params(request))
        if not core.server.request_validator.authenticate_client(asking):
            return JsonResponse({"error": "invalid_client"}, status=401)
        if not asking.token:
            return JsonResponse(UNREADABLE, status=400)
        token = sign_ons.of_access_token(asking.token)
        if token is not None and token.sign_on.client_id == asking.client.pk:
            return JsonResponse({"active": True, "iss": issuer_of(asking), **_said(token)})
        own = None if token else own_tokens.known(asking.client, asking.token)
        if own is None:
            return JsonResponse({"active": False})
        return JsonResponse({"active": True, "iss": issuer_of(asking), **_said_of_own(own, asking)})


def _said_of_own(token: OwnToken, asking: Any) -> dict[str, Any]:
    client_id = asking.client.client_id
    expires = int(token.expires.timestamp())
    return {"client_id": client_id, "sub": client_id, "token_type": "Bearer", "exp": expires}


def _said(token: AccessToken) -> dict[str, Any]:
    user = token.sign_on.account.user
    return {
        "scope": token.scope,
        "client_id": token.sign_on.client.client_id,
        "username": user.username if user else "",
        "sub": user.id if user else "",
        "token_type": "Bearer",
        "exp": int(token.expires.timestamp()),
    }
