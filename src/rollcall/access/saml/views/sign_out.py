"""Sign-out that an application begins (SAML Profiles, 4.4)."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods
from lxml import etree

from rollcall.access.oidc.answers import ToApplication
from rollcall.access.saml import addresses, asking, certificates, connections, events, sign_ons
from rollcall.access.saml.messages import requests
from rollcall.access.saml.messages.bindings import packed, signed_query
from rollcall.access.saml.messages.building import as_bytes
from rollcall.access.saml.messages.names import SUCCESS
from rollcall.access.saml.messages.parsing import Unreadable
from rollcall.access.saml.messages.requests import LogoutRequest
from rollcall.access.saml.messages.sign_out import response
from rollcall.access.saml.messages.signatures import METHODS, Unsigned
from rollcall.access.saml.models import Connection
from rollcall.access.saml.views import answers, reading
from rollcall.accounts.actors import actor_of
from rollcall.accounts.models import Account


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def sign_out(request: HttpRequest, path: str) -> HttpResponse:
    """Sign the person out there, here where the application proves that it asks, and answer it."""
    connection = connections.of_path(path)
    if connection is None:
        return answers.shown(request, "there is no application at this address", 404)
    try:
        if request.method == "POST":
            return reading.as_get(request, "SAMLRequest")
        message = reading.message_of(request, "SAMLRequest", connection)
        if message is None:
            # An answer to a sign-out of ours needs none.
            return render(request, "saml/signed_out.html")
        return _signed_out(request, connection, message)
    except (Unreadable, Unsigned) as error:
        return answers.shown(request, str(error))


def _signed_out(
    request: HttpRequest, connection: Connection, message: etree._Element
) -> HttpResponse:
    asked = requests.logout_request(message)
    ours = addresses.sign_out_url(connection, request)
    asking.hold_to_sender(
        asked.issuer,
        asked.issued,
        asked.destination,
        connection.configuration,
        ours,
        timezone.now(),
    )
    _end(request, connection, asked, proved=reading.is_signed(request, message, connection))
    state = reading.relay_state(request.GET.get("RelayState", ""))
    if not connection.slo_url:
        return render(request, "saml/signed_out.html")
    return ToApplication(_answer_address(request, connection, asked.id, state))


def _end(
    request: HttpRequest, connection: Connection, asked: LogoutRequest, *, proved: bool
) -> None:
    """End what the application names: of others than who is signed in only if it proves it."""
    account = request.user if isinstance(request.user, Account) else None
    rows = sign_ons.named(connection, asked.name_id, asked.indexes)
    if not proved:
        rows = rows.filter(account=account) if account else rows.none()
    named = list(rows)
    # The application has asked: it need not be told.
    now = timezone.now()
    rows.update(ended=now, told=now)
    for sign_on in named:
        events.signed_out(actor_of(request), sign_on)
    # Anybody could send a browser here with a request that nobody has signed.
    if proved and account and any(sign_on.account_id == account.pk for sign_on in named):
        logout(request)


def _answer_address(
    request: HttpRequest, connection: Connection, in_response_to: str, state: str
) -> str:
    answer = response(
        addresses.entity_id(connection, request),
        connection.slo_url,
        in_response_to,
        SUCCESS,
        timezone.now(),
    )
    signer = certificates.signer(certificates.current(connection))
    algorithm = METHODS[connection.signature_algorithm][0].value
    query = signed_query("SAMLResponse", packed(as_bytes(answer)), state, algorithm, signer.key)
    joined = "&" if urlsplit(connection.slo_url).query else "?"
    return f"{connection.slo_url}{joined}{query}"
