"""The authorization endpoint (OpenID Connect Core, 3.1.2): whoever may, goes on with a code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import View
from oauth2_provider.exceptions import FatalClientError, OAuthToolkitError
from oauth2_provider.views.mixins import OAuthLibMixin
from oauthlib.common import generate_token

from rollcall.access import entitlement
from rollcall.access.oidc import asking, events, sign_ons, signing_keys, waiting
from rollcall.access.oidc.answers import Return, shown, to_application
from rollcall.access.oidc.asking import Mode, Unanswerable, Wishes
from rollcall.access.oidc.authentication import MFA_ACR, acr_of
from rollcall.access.oidc.engine import is_readable
from rollcall.access.oidc.issuer import issuer
from rollcall.access.oidc.models import Client
from rollcall.access.oidc.sign_ons import Asked, Circumstances
from rollcall.access.oidc.views.proving import (
    is_recent,
    to_choose,
    to_prove_a_factor,
    to_prove_anew,
    to_sign_in,
)
from rollcall.access.policies import admitting, doors
from rollcall.access.policies.decision.deciding import Explanation
from rollcall.accounts import second_factors
from rollcall.accounts.actors import actor_of
from rollcall.accounts.models import Account
from rollcall.accounts.proofs import Proof, proof_of

DENIED: Final = ("access_denied", "this person may not use the application")


@dataclass(frozen=True, slots=True)
class Known:
    """A request of a known client, with an address that it may be answered at."""

    client: Client
    back: Return
    asked: Asked


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
        back = Return(engine.redirect_uri, _mode(request), engine.state or "")
        try:
            asking.mode(request.GET)
            wishes = asking.read(request.GET.dict())
            return self._decided(
                request, Known(engine.client, back, _asked(engine, scopes)), wishes
            )
        except Unanswerable as fault:
            description = fault.description
            return to_application(request, back, error=fault.error, error_description=description)

    def _decided(self, request: HttpRequest, known: Known, wishes: Wishes) -> HttpResponse:
        account = request.user
        if not isinstance(account, Account):
            return to_sign_in(request, wishes)
        if wishes.chosen and (page := to_choose(request)):
            return page
        proof = proof_of(request)
        _hold_to_hint(request, account, wishes)
        if not is_recent(request, proof, wishes):
            return to_prove_anew(request, account, wishes)
        if second_factors.is_missing(account):
            # As on every page: whoever has a role that requires one sets it up first.
            if wishes.silent:
                raise Unanswerable("interaction_required")
            return redirect("mfa_index")
        if reason := entitlement.ask(account, known.client.application):
            events.refused(actor_of(request), known.client.application, reason)
            raise Unanswerable(*DENIED)
        if _wants_more(proof, wishes) and (way := to_prove_a_factor(request, account, wishes)):
            return way
        if wishes.acrs and acr_of(proof.amr) not in wishes.acrs:
            raise Unanswerable("unmet_authentication_requirements")
        explanation = doors.at_application(request, account, known.client.application_id)
        if explanation.missing and (way := to_prove_a_factor(request, account, wishes)):
            return way
        if not explanation.admitted:
            reason, context = admitting.why_not(explanation), admitting.context(explanation)
            events.refused(actor_of(request), known.client.application, reason, context)
            raise Unanswerable(*DENIED)
        return _let_in(request, known, proof, explanation)


def _let_in(
    request: HttpRequest, known: Known, proof: Proof, explanation: Explanation
) -> HttpResponse:
    account = request.user
    assert isinstance(account, Account)  # noqa: S101 - `_decided` has looked
    code = generate_token()
    circumstances = Circumstances.of(explanation.facts, request.session.session_key or "")
    sign_ons.begin(known.client, account, known.asked, proof, code, circumstances)
    decision: Mapping[str, Any] = admitting.context(explanation)
    events.signed_on(actor_of(request), known.client.application, proof, decision)
    return waiting.forget(request, to_application(request, known.back, code=code))


def _asked(engine: Any, scopes: list[str]) -> Asked:
    return Asked(
        redirect_uri=engine.redirect_uri,
        scope=" ".join(scopes),
        code_challenge=engine.code_challenge,
        nonce=engine.nonce or "",
        claims=engine.claims or {},
    )


def _refused(request: HttpRequest, fault: Any) -> HttpResponse:
    """Tell the application, where the engine has found its address to be good."""
    if not fault.redirect_uri:
        return shown(request, fault.error, fault.description)
    back = Return(fault.redirect_uri, _mode(request), fault.state or "")
    return to_application(request, back, error=fault.error, error_description=fault.description)


def _mode(request: HttpRequest) -> Mode:
    """How it is answered; that a way is none of those there are is told by the usual one."""
    try:
        return asking.mode(request.GET)
    except Unanswerable:
        return Mode.QUERY


def _wants_more(proof: Proof, wishes: Wishes) -> bool:
    """Whether the client asks for more than one factor, and only one has been given."""
    wanted = wishes.stronger or MFA_ACR in wishes.acrs
    return wanted and acr_of(proof.amr) != MFA_ACR and acr_of(proof.amr) not in wishes.acrs


def _hold_to_hint(request: HttpRequest, account: Account, wishes: Wishes) -> None:
    """Refuse where the client means somebody else (Core, 3.1.2.1, `id_token_hint`; 5.5.1)."""
    if wishes.subject and wishes.subject != account.user_id:
        raise Unanswerable("login_required")
    if not wishes.id_token_hint:
        return
    hinted = signing_keys.signed_by_us(wishes.id_token_hint)
    if not hinted or hinted.get("iss") != issuer(request):
        raise Unanswerable("invalid_request", "id_token_hint is no ID token of this issuer")
    if hinted.get("sub") != account.user_id:
        raise Unanswerable("login_required")
