"""The authorization endpoint (OpenID Connect Core, 3.1.2): whoever may, goes on with a code."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.decorators import method_decorator
from django.utils.translation import get_supported_language_variant
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import View
from oauth2_provider.exceptions import FatalClientError, OAuthToolkitError
from oauth2_provider.views.mixins import OAuthLibMixin

from rollcall.access import entitlement
from rollcall.access.oidc import events, signing_keys
from rollcall.access.oidc.answers import shown, to_application
from rollcall.access.oidc.asking import Unanswerable, Wishes, read
from rollcall.access.oidc.authentication import acr_of
from rollcall.access.oidc.engine import is_readable
from rollcall.access.oidc.issuer import issuer
from rollcall.access.oidc.models import Client
from rollcall.access.policies import admitting, doors
from rollcall.accounts import second_factors
from rollcall.accounts.actors import actor_of
from rollcall.accounts.models import Account
from rollcall.accounts.proofs import Proof, proof_of

ASKED: Final = "oidc_asked"
"""Where a session keeps which requests have sent the person to prove who they are, and when."""
MOST_ASKED: Final = 5
FOR_A_FACTOR: Final = "+"
"""Behind the request's key, where it was a policy that asked for a second factor."""


@dataclass(frozen=True, slots=True)
class Known:
    """A request of a known client, with an address that it may be answered at."""

    client: Client
    redirect_uri: str
    scopes: tuple[str, ...]
    state: str


@method_decorator(csrf_exempt, name="dispatch")
class AuthorizationView(OAuthLibMixin, View):  # type: ignore[misc]  # the library ships no types
    """Lets whoever is signed in, and may use the application, on to it; sends others to sign in."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """The same request by a form (Core, 3.1.2.1): as a GET, which brings the session along."""
        # A form of another site comes without our cookie; the redirect is a navigation of its own.
        return redirect(f"{request.path}?{request.POST.urlencode()}")

    def get(self, request: HttpRequest) -> HttpResponse:
        """The way on."""
        if not is_readable(request):
            return shown(request, "invalid_request")
        try:
            scopes, found = self.validate_authorization_request(request)
        except FatalClientError as error:
            fault = error.oauthlib_error
            return shown(request, fault.error, fault.description)
        except OAuthToolkitError as error:
            return _refused(request, error.oauthlib_error)
        except ValueError:
            return shown(request, "invalid_request")
        engine = found["request"]
        state = engine.state or ""
        known = Known(engine.client, engine.redirect_uri, tuple(scopes), state)
        try:
            return self._decided(request, known, read(request.GET.dict()))
        except Unanswerable as fault:
            return to_application(
                request,
                known.redirect_uri,
                error=fault.error,
                error_description=fault.description,
                state=state,
            )

    def _decided(self, request: HttpRequest, known: Known, wishes: Wishes) -> HttpResponse:
        account = request.user
        if not isinstance(account, Account):
            return _to_sign_in(request, wishes)
        proof = proof_of(request)
        _hold_to_hint(request, account, wishes)
        if not _is_recent(request, proof, wishes):
            return _to_prove_anew(request, account, wishes)
        if second_factors.is_missing(account):
            # As on every page: whoever has a role that requires one sets it up first.
            if wishes.silent:
                raise Unanswerable("interaction_required")
            return redirect("mfa_index")
        if reason := entitlement.ask(account, known.client.application):
            events.refused(actor_of(request), known.client.application, reason)
            raise Unanswerable("access_denied", "this person may not use the application")
        if wishes.acrs and acr_of(proof.amr) not in wishes.acrs:
            raise Unanswerable("unmet_authentication_requirements")
        explanation = doors.at_application(request, account, known.client.application_id)
        if explanation.missing and (way := _to_prove_a_factor(request, account, wishes)):
            return way
        context = admitting.context(explanation)
        if not explanation.admitted:
            reason = admitting.why_not(explanation)
            events.refused(actor_of(request), known.client.application, reason, context)
            raise Unanswerable("access_denied", "this person may not use the application")
        return self._let_in(request, known, proof, context)

    def _let_in(
        self, request: HttpRequest, known: Known, proof: Proof, decision: Mapping[str, Any]
    ) -> HttpResponse:
        # Both are set on the engine's request: the client is not read once more.
        carried: dict[str, Any] = {
            "client": known.client,
            "proof": proof,
            "redirect_uri": known.redirect_uri,
        }
        address, *_ = self.create_authorization_response(
            request=request, scopes=" ".join(known.scopes), credentials=carried, allow=True
        )
        events.signed_on(actor_of(request), known.client.application, proof, decision)
        _forget_asked(request)
        return to_application(request, address)


def _refused(request: HttpRequest, fault: Any) -> HttpResponse:
    """Tell the application, where the engine has found its address to be good."""
    if not fault.redirect_uri:
        return shown(request, fault.error, fault.description)
    return to_application(
        request,
        fault.redirect_uri,
        error=fault.error,
        error_description=fault.description,
        state=fault.state or "",
    )


def _hold_to_hint(request: HttpRequest, account: Account, wishes: Wishes) -> None:
    """Refuse where the client means somebody else (Core, 3.1.2.1, `id_token_hint`)."""
    if not wishes.id_token_hint:
        return
    hinted = signing_keys.signed_by_us(wishes.id_token_hint)
    if not hinted or hinted.get("iss") != issuer(request):
        raise Unanswerable("invalid_request", "id_token_hint is no ID token of this issuer")
    if hinted.get("sub") != account.user_id:
        raise Unanswerable("login_required")


def _is_recent(request: HttpRequest, proof: Proof, wishes: Wishes) -> bool:
    """Whether they have proved who they are as lately as the client wants."""
    if not wishes.anew and (
        wishes.max_age is None or time.time() - proof.auth_time <= wishes.max_age
    ):
        return True
    asked = request.session.get(ASKED, {}).get(_key(request))
    # The proof is known to the second only.
    return asked is not None and proof.auth_time >= int(asked)


def _to_sign_in(request: HttpRequest, wishes: Wishes) -> HttpResponse:
    if wishes.silent:
        raise Unanswerable("login_required")
    _note_asked(request)
    where = redirect_to_login(request.get_full_path())
    if wishes.login_hint:
        where["Location"] += f"&{urlencode({'login_hint': wishes.login_hint})}"
    if language := _language(wishes):
        where.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, samesite="Lax")
    return where


def _to_prove_anew(request: HttpRequest, account: Account, wishes: Wishes) -> HttpResponse:
    methods = get_adapter(request).get_reauthentication_methods(account)
    if wishes.silent or not methods:
        raise Unanswerable("login_required")
    _note_asked(request)
    where = urlencode({"next": request.get_full_path()})
    return redirect(f"{resolve_url(methods[0]['url'])}?{where}")


def _to_prove_a_factor(
    request: HttpRequest, account: Account, wishes: Wishes
) -> HttpResponse | None:
    """The way to give a second factor that a policy asks for; None where there is none.

    A request leads there once: whoever comes back without the right one is refused.
    """
    methods = get_adapter(request).get_reauthentication_methods(account)
    ways = [method["url"] for method in methods if method["id"].startswith("mfa_")]
    key = _key(request) + FOR_A_FACTOR
    if wishes.silent or not ways or key in request.session.get(ASKED, {}):
        return None
    _note_asked(request, FOR_A_FACTOR)
    return redirect(f"{resolve_url(ways[0])}?{urlencode({'next': request.get_full_path()})}")


def _note_asked(request: HttpRequest, what: str = "") -> None:
    """Note when this very request has asked: proved after that, they need not be asked again."""
    asked = {**request.session.get(ASKED, {}), _key(request) + what: time.time()}
    latest = sorted(asked.items(), key=lambda item: item[1])[-MOST_ASKED:]
    request.session[ASKED] = dict(latest)


def _forget_asked(request: HttpRequest) -> None:
    """What was asked for is answered: the same request, sent once more, asks once more."""
    asked = request.session.get(ASKED, {})
    answered = {_key(request), _key(request) + FOR_A_FACTOR}
    if answered & asked.keys():
        left = {key: at for key, at in asked.items() if key not in answered}
        request.session[ASKED] = left


def _key(request: HttpRequest) -> str:
    return hashlib.sha256(request.META.get("QUERY_STRING", "").encode()).hexdigest()[:16]


def _language(wishes: Wishes) -> str:
    """The first language of the wished ones that there is; "" where there is none."""
    for locale in wishes.ui_locales:
        try:
            return get_supported_language_variant(locale.lower())
        except LookupError:
            continue
    return ""
