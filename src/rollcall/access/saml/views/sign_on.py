"""Sign-on at an application, begun there or here: whoever may, goes on with a response."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import View

from rollcall.access import entitlement, proving
from rollcall.access.oidc import waiting
from rollcall.access.policies import admitting, doors
from rollcall.access.saml import addresses, answering, asking, connections, events, sign_ons
from rollcall.access.saml.answering import Asked, Nameless
from rollcall.access.saml.asking import Unanswerable
from rollcall.access.saml.messages import requests
from rollcall.access.saml.messages.names import (
    NO_AUTHN_CONTEXT,
    NO_PASSIVE,
    REQUEST_DENIED,
    REQUESTER,
    RESPONDER,
)
from rollcall.access.saml.messages.parsing import Unreadable
from rollcall.access.saml.messages.requests import AuthnRequest
from rollcall.access.saml.messages.signatures import Unsigned
from rollcall.access.saml.models import Connection
from rollcall.access.saml.sign_ons import AnsweredAlready
from rollcall.access.saml.views import answers, reading
from rollcall.accounts import second_factors
from rollcall.accounts.actors import actor_of
from rollcall.accounts.models import Account
from rollcall.accounts.proofs import SEVERAL, Proof, proof_of

DENIED = "this person may not use the application"
UNKNOWN = "there is no application at this address"


@dataclass(frozen=True, slots=True)
class Way:
    """A request on its way through our pages."""

    asked: Asked
    relay_state: str

    @property
    def passive(self) -> bool:
        """Whether nobody may be asked anything (SAML Core, 3.4.1, `IsPassive`)."""
        return self.asked.request is not None and self.asked.request.passive

    @property
    def force(self) -> bool:
        """Whether the person has to prove anew who they are (`ForceAuthn`)."""
        return self.asked.request is not None and self.asked.request.force

    @property
    def begun_here(self) -> bool:
        """Whether no application has asked."""
        return self.asked.request is None


class Refused(Exception):
    """The person may not use the application; `message` is a policy's own words, "" for none."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message)
        self.message = message


@method_decorator(csrf_exempt, name="dispatch")
class SignOnView(View):
    """Lets whoever is signed in, and may use the application, on to it; sends others to sign in."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The way on; what cannot be read or believed is shown, and leads nowhere."""
        try:
            return super().dispatch(request, *args, **kwargs)
        except (Unreadable, Unsigned) as error:
            return answers.shown(request, str(error))
        except AnsweredAlready:
            return answers.shown(request, "the request has been answered before")

    def post(self, request: HttpRequest, path: str) -> HttpResponse:
        """A request in a form (SAML Bindings, 3.5)."""
        if connections.of_path(path) is None:
            return answers.shown(request, UNKNOWN, 404)
        return reading.as_get(request, "SAMLRequest")

    def get(self, request: HttpRequest, path: str) -> HttpResponse:
        """A request in the address (SAML Bindings, 3.4), or a sign-on that begins here."""
        connection = connections.of_path(path)
        if connection is None:
            return answers.shown(request, UNKNOWN, 404)
        message = reading.message_of(request, "SAMLRequest", connection)
        if message is None and connection.login_url:
            return redirect(connection.login_url)
        way = _way(
            request, connection, requests.authn_request(message) if message is not None else None
        )
        try:
            return _decided(request, way)
        except Unanswerable as fault:
            return _failed(request, way, fault.codes, fault.text)
        except Refused as refusal:
            if connection.errors_to_sp and not way.begun_here:
                failed = _failed(request, way, (RESPONDER, REQUEST_DENIED), DENIED)
                return waiting.forget(request, failed)
            return waiting.forget(request, answers.refused(request, refusal.message))


def _way(request: HttpRequest, connection: Connection, sent: AuthnRequest | None) -> Way:
    configuration = connection.configuration
    acs_url = configuration.acs_urls[0]
    if sent is not None:
        ours = addresses.sso_url(connection, request)
        asking.hold_to_sender(
            sent.issuer, sent.issued, sent.destination, configuration, ours, timezone.now()
        )
        acs_url = asking.acs_of(sent, configuration)
    state = reading.relay_state(request.GET.get("RelayState", ""))
    issuer = addresses.entity_id(connection, request)
    asked = Asked(connection, configuration, issuer, acs_url, sent)
    return Way(asked, state or configuration.default_relay_state)


def _decided(request: HttpRequest, way: Way) -> HttpResponse:
    sent = way.asked.request
    if sent is not None:
        asking.hold_to_binding(sent)
    wish = asking.name_id_wish(sent, way.asked.configuration)
    wants_factor = asking.wants_factor(sent)
    account = request.user
    if not isinstance(account, Account):
        if way.passive:
            raise Unanswerable(RESPONDER, NO_PASSIVE)
        return proving.to_sign_in(request, sent.login_hint if sent else "")
    proof = proof_of(request)
    anew = way.force and not proving.proved_since_asked(request, proof)
    if anew or not proof.auth_time:
        return _to_prove_anew(request, account, way)
    if second_factors.is_missing(account):
        # As on every page: whoever has a role that requires one sets it up first.
        if way.passive:
            raise Unanswerable(RESPONDER, NO_PASSIVE)
        return redirect("mfa_index")
    _hold_to_entitlement(request, account, way)
    if wants_factor and SEVERAL not in proof.amr:
        if factor := _to_prove_a_factor(request, account, way):
            return factor
        raise Unanswerable(RESPONDER, NO_AUTHN_CONTEXT, text="no second factor was given")
    explanation = doors.at_application(request, account, way.asked.connection.application_id)
    if explanation.missing and (factor := _to_prove_a_factor(request, account, way)):
        return factor
    context = admitting.context(explanation)
    if not explanation.admitted:
        words = admitting.spelled_out(explanation.message) if explanation.message else ""
        _note_refusal(request, way, admitting.why_not(explanation), context)
        raise Refused(words)
    return _let_in(request, account, way, wish, proof, context)


def _hold_to_entitlement(request: HttpRequest, account: Account, way: Way) -> None:
    if reason := entitlement.ask(account, way.asked.connection.application):
        _note_refusal(request, way, reason)
        raise Refused


def _let_in(
    request: HttpRequest,
    account: Account,
    way: Way,
    wish: asking.NameIdWish,
    proof: Proof,
    decision: Mapping[str, Any],
) -> HttpResponse:
    asked = way.asked
    assert account.user is not None  # noqa: S101 - nobody else is entitled
    try:
        subject = answering.subject_of(asked, account.user, wish, proof)
    except Nameless:
        reason = f"the user has nothing in {wish.attribute}, which names them there"
        _note_refusal(request, way, reason)
        raise Refused from None
    if asked.request is not None:
        sign_ons.answer_once(asked.connection, asked.request.id)
    message = answering.signed_on(asked, subject)
    sign_ons.begin(asked.connection, account, subject, request.session.session_key or "")
    events.signed_on(
        actor_of(request), asked.connection, proof, decision, idp_initiated=way.begun_here
    )
    label = asked.connection.application.displayLabel
    page = answers.posted(request, asked.acs_url, message, way.relay_state, label)
    return waiting.forget(request, page)


def _failed(request: HttpRequest, way: Way, codes: tuple[str, ...], text: str) -> HttpResponse:
    message = answering.not_signed_on(way.asked, codes, text)
    label = way.asked.connection.application.displayLabel
    return answers.posted(request, way.asked.acs_url, message, way.relay_state, label)


def _to_prove_anew(request: HttpRequest, account: Account, way: Way) -> HttpResponse:
    if way.passive:
        raise Unanswerable(RESPONDER, NO_PASSIVE)
    if to := proving.to_prove_anew(request, account):
        return to
    raise Unanswerable(REQUESTER, NO_AUTHN_CONTEXT, text="there is no way to prove it anew")


def _to_prove_a_factor(request: HttpRequest, account: Account, way: Way) -> HttpResponse | None:
    return None if way.passive else proving.to_prove_a_factor(request, account)


def _note_refusal(
    request: HttpRequest, way: Way, reason: str, context: Mapping[str, Any] | None = None
) -> None:
    connection = way.asked.connection
    events.refused(actor_of(request), connection, reason, context, idp_initiated=way.begun_here)
