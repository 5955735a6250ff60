"""What the protocol's engine asks: who a client is, what a code or a token is worth, right now.

django-oauth-toolkit's own answers are replaced wherever they read or write its tables: one
statement finds a code or token together with the client, the person and their right to be there.
"""

from __future__ import annotations

from typing import Any, Final

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from oauth2_provider.oauth2_validators import OAuth2Validator
from oauthlib.oauth2.rfc6749 import errors

from rollcall.access.oidc import events, own_tokens, sign_ons, telling
from rollcall.access.oidc.digests import digest
from rollcall.access.oidc.engine import issuer_of
from rollcall.access.oidc.library import SCOPES
from rollcall.access.oidc.models import AuthMethod, Client, SignOn
from rollcall.access.oidc.redirect_addresses import origin
from rollcall.access.oidc.sign_ons import AlreadyUsed
from rollcall.access.policies import admitting, doors

GRANTS: Final = frozenset({"authorization_code", "refresh_token"})
FOR_ITSELF: Final = "client_credentials"
BY_BASIC: Final = frozenset({AuthMethod.ANY.value, AuthMethod.BASIC.value})
BY_POST: Final = frozenset({AuthMethod.ANY.value, AuthMethod.POST.value})


class Validator(OAuth2Validator):  # type: ignore[misc]  # the library ships no types
    """Answers from the directory, anew for each request; `request.sign_on` carries what it read."""

    # Clients

    def _load_application(self, client_id: str, request: Any) -> Client | None:
        known = getattr(request, "client", None)
        if not isinstance(known, Client) or known.client_id != client_id:
            clients = Client.objects.select_related("application")
            # Not `first`, which would have the database sort the one row that there can be.
            request.client = next(iter(clients.filter(client_id=client_id or "")[:1]), None)
        found: Client | None = request.client
        return found

    def _check_secret(self, provided_secret: str, stored_secret: str) -> bool:
        return bool(stored_secret) and constant_time_compare(digest(provided_secret), stored_secret)

    def authenticate_client(self, request: Any, *args: Any, **kwargs: Any) -> bool:
        """Whether the client proves itself, in the one way that it is registered with."""
        if self._extract_basic_auth(request):
            proved, ways = self._authenticate_basic_auth(request), BY_BASIC
            # Two ways in one request are one too many (RFC 6749, 2.3).
            if request.client_secret:
                return False
        else:
            proved, ways = self._authenticate_request_body(request), BY_POST
        return bool(proved) and request.client.auth_method in ways

    def is_origin_allowed(
        self, client_id: str, origin: str, request: Any, *args: Any, **kwargs: Any
    ) -> bool:
        """Whether a page of this origin may read the answer: a public client's own, no other."""
        return request.client.is_public and origin in _origins(request.client)

    # The authorization request

    def validate_redirect_uri(
        self, client_id: str, redirect_uri: str, request: Any, *args: Any, **kwargs: Any
    ) -> bool:
        """Whether it is registered, letter by letter (RFC 9700, 2.1)."""
        return redirect_uri in request.client.redirect_addresses

    def get_default_redirect_uri(
        self, client_id: str, request: Any, *args: Any, **kwargs: Any
    ) -> None:
        """None: OpenID Connect has it named each time (Core, 3.1.2.1)."""

    def validate_response_type(
        self, client_id: str, response_type: str, client: Client, request: Any, *a: Any, **kw: Any
    ) -> bool:
        """Whether it is the code."""
        return response_type == "code"

    def validate_scopes(
        self, client_id: str, scopes: list[str], client: Client, request: Any, *a: Any, **kw: Any
    ) -> bool:
        """Whether it is OpenID Connect; scopes that nobody knows are left out (Core, 3.1.2.1).

        What a client gets for itself has none: all of them speak of a person.
        """
        if request.grant_type == FOR_ITSELF:
            request.scopes = []
            return True
        request.scopes = [scope for scope in SCOPES if scope in scopes]
        return "openid" in scopes

    def get_default_scopes(self, client_id: str, request: Any, *args: Any, **kw: Any) -> list[str]:
        """None: whoever asks for nothing is no client of OpenID Connect."""
        return []

    def validate_silent_login(self, request: Any) -> bool:
        """Yes: the page of authorization has asked the session."""
        return True

    def validate_silent_authorization(self, request: Any) -> bool:
        """Yes: nobody is asked to consent to their own organization's applications."""
        return True

    # The exchange of a code

    def validate_grant_type(
        self, client_id: str, grant_type: str, client: Client, request: Any, *a: Any, **kw: Any
    ) -> bool:
        """Whether it is one of the two that there are, or the client may have its own tokens.

        Raises:
            UnsupportedGrantTypeError: it may not; which is all that is said of that.
        """
        if grant_type == FOR_ITSELF:
            if not (client.has_own_tokens and client.application.active):
                raise errors.UnsupportedGrantTypeError(request=request)
            return True
        return grant_type in GRANTS

    def validate_code(
        self, client_id: str, code: str, client: Client, request: Any, *args: Any, **kwargs: Any
    ) -> bool:
        """Whether this client may exchange the code now. A second try ends what the first gave."""
        known = sign_ons.of_code(code)
        if known is None or known[0].client_id != client.pk:
            return False
        sign_on, is_bound = known
        if sign_on.code_used is not None:
            return self._end(request, sign_on, "a code was used twice")
        if sign_on.code_expires <= timezone.now():
            return False
        if self._is_refused(request, sign_on, is_bound):
            return False
        _carry(request, sign_on)
        return True

    def confirm_redirect_uri(
        self, client_id: str, code: str, redirect_uri: str, client: Client, *a: Any, **kw: Any
    ) -> bool:
        """Whether it is the address that the code was sent to (RFC 6749, 4.1.3)."""
        request = a[0] if a else kw["request"]
        return bool(redirect_uri == request.sign_on.redirect_uri)

    def get_code_challenge(self, code: str, request: Any) -> str:
        """The challenge that came with the authorization request."""
        return str(request.sign_on.code_challenge)

    def get_code_challenge_method(self, code: str, request: Any) -> str:
        """The only one."""
        return "S256"

    def get_authorization_code_nonce(
        self, client_id: str, code: str, redirect_uri: str, request: Any
    ) -> None:
        """None: `get_id_token` reads it from the sign-on."""

    def invalidate_authorization_code(
        self, client_id: str, code: str, request: Any, *args: Any, **kwargs: Any
    ) -> None:
        """Nothing is left to do: the code was used up together with what it gave."""

    # Refresh

    def validate_refresh_token(
        self, refresh_token: str, client: Client, request: Any, *args: Any, **kwargs: Any
    ) -> bool:
        """Whether this client may use it now. A second use ends all of it (RFC 9700, 4.14)."""
        token = sign_ons.of_refresh_token(refresh_token)
        if token is None or token.sign_on.client_id != client.pk:
            return False
        if token.used is not None:
            return self._end(request, token.sign_on, "a refresh token was used twice")
        if token.expires <= timezone.now():
            return False
        if self._is_refused(request, token.sign_on, token.is_bound):
            return False
        if self._is_denied(request, token.sign_on):
            return False
        _carry(request, token.sign_on)
        request.refresh_token_row = token
        return True

    def get_original_scopes(
        self, refresh_token: str, request: Any, *args: Any, **kwargs: Any
    ) -> list[str]:
        """What the person signed on for; a refresh may ask for less, never for more."""
        scopes: list[str] = request.sign_on.scopes
        return scopes

    # Tokens

    def save_bearer_token(self, token: dict[str, Any], request: Any, *a: Any, **kw: Any) -> None:
        """Use up what was exchanged, and keep what is given for it."""
        if request.grant_type == FOR_ITSELF:
            own_tokens.issue(request.client, token["access_token"])
            return
        sign_on: SignOn = request.sign_on
        try:
            with transaction.atomic():
                if request.grant_type == "refresh_token":
                    sign_ons.use_refresh_token(request.refresh_token_row)
                else:
                    sign_ons.use_code(sign_on)
                sign_ons.issue(
                    sign_on,
                    token["access_token"],
                    token.get("refresh_token", ""),
                    token["scope"].split(),
                )
        except AlreadyUsed:
            self._end(request, sign_on, "a code or refresh token was used twice at once")
            raise errors.InvalidGrantError(request=request) from None

    def get_id_token(self, token: dict[str, Any], token_handler: Any, request: Any) -> str:
        """The ID token (OpenID Connect Core, 2), signed."""
        sign_on: SignOn = request.sign_on
        nonce = sign_on.nonce if request.grant_type == "authorization_code" else ""
        return telling.id_token(sign_on, request.scopes, issuer_of(request), nonce)

    def validate_bearer_token(self, token: str | None, scopes: list[str], request: Any) -> bool:
        """Whether it is a living access token of somebody who may still be there."""
        known = sign_ons.of_access_token(token) if token else None
        if known is None:
            return False
        _carry(request, known.sign_on)
        request.scopes = known.scope.split()
        return True

    def get_userinfo_claims(self, request: Any) -> dict[str, Any]:
        """What the client may know of whom the token is of (Core, 5.3.2)."""
        return telling.told(request.sign_on, request.scopes, "userinfo")

    def revoke_token(
        self, token: str, token_type_hint: str, request: Any, *args: Any, **kwargs: Any
    ) -> None:
        """End the sign-on of this client's token, whichever kind it is (RFC 7009, 2.1)."""
        known = sign_ons.of_access_token(token) or sign_ons.of_refresh_token(token)
        if known is None:
            own_tokens.revoke(request.client, token)
        elif known.sign_on.client_id == request.client.pk:
            self._end(request, known.sign_on, "the client has revoked it")

    def _is_refused(self, request: Any, sign_on: SignOn, is_bound: bool) -> bool:
        reason = sign_ons.refusal(sign_on, is_bound)
        if reason:
            events.token_refused(request, sign_on, reason)
        return bool(reason)

    def _is_denied(self, request: Any, sign_on: SignOn) -> bool:
        """Whether the policies refuse them now; the sign-on stays, for another time of day, say."""
        decision = doors.at_refresh(
            sign_on.account,
            sign_on.client.application_id,
            sign_on.address,
            sign_ons.proved_at(sign_on),
        )
        if decision is None or decision.admitted:
            return False
        reason, context = admitting.why_not(decision), admitting.context(decision)
        events.token_refused(request, sign_on, reason, context)
        return True

    def _end(self, request: Any, sign_on: SignOn, reason: str) -> bool:
        """End the sign-on and all its tokens; False, as the answer to whether they may be used."""
        if sign_ons.end(SignOn.objects.filter(pk=sign_on.pk)):
            events.ended(request, sign_on, reason)
        return False


def _carry(request: Any, sign_on: SignOn) -> None:
    request.sign_on = sign_on
    request.user = sign_on.account
    request.scopes = sign_on.scopes
    request.client = sign_on.client


def _origins(client: Client) -> set[str]:
    return {origin(address) for address in client.redirect_addresses}
