"""Sign-out that an application begins (OpenID Connect RP-Initiated Logout 1.0)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods
from oauthlib.common import add_params_to_uri

from rollcall.access.oidc import sign_ons, signing_keys
from rollcall.access.oidc.answers import ToApplication, shown
from rollcall.access.oidc.engine import is_readable
from rollcall.access.oidc.issuer import issuer
from rollcall.access.oidc.models import Client, SignOn
from rollcall.access.oidc.redirect_addresses import origin
from rollcall.accounts.models import Account

ASKED = ("id_token_hint", "client_id", "post_logout_redirect_uri", "state")


@dataclass(frozen=True, slots=True)
class SignOut:
    """Who wants somebody signed out, and where they go then.

    `subject` is the user whom the client means, "" where it does not prove it.
    """

    client: Client | None = None
    subject: str = ""
    address: str = ""


class Unproved(Exception):
    """The request names a client or an address that do not belong together."""


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign the person out, and send them back; ask them first where the client proves nothing."""
    if not is_readable(request):
        return shown(request, "invalid_request")
    given = request.POST if request.method == "POST" else request.GET
    asked = {name: given[name] for name in ASKED if given.get(name)}
    try:
        wanted = _read(request, asked)
    except Unproved as error:
        return shown(request, "invalid_request", str(error))
    account = request.user if isinstance(request.user, Account) else None
    # Their own page's form proves it; a page of another site could send this form as well.
    if account is None or (wanted.subject and wanted.subject == account.user_id):
        return _ended(request, account, wanted, asked.get("state", ""))
    if request.method == "POST" and "confirmed" in request.POST:
        return _confirmed(request, account, wanted, asked.get("state", ""))
    page = render(request, "oidc/sign_out.html", {"asked": asked})
    if wanted.address:
        page.form_targets = (origin(wanted.address),)  # type: ignore[attr-defined]
    return page


def _read(request: HttpRequest, asked: dict[str, str]) -> SignOut:
    """Raises Unproved: see there."""
    hint: dict[str, Any] | None = None
    if "id_token_hint" in asked:
        hint = signing_keys.signed_by_us(asked["id_token_hint"])
        if hint is None or hint.get("iss") != issuer(request):
            raise Unproved("id_token_hint is no ID token of this issuer")
    client_id = asked.get("client_id") or str((hint or {}).get("aud", ""))
    if hint and hint.get("aud") != client_id:
        raise Unproved("id_token_hint is another client's")
    client = Client.objects.filter(client_id=client_id).first() if client_id else None
    address = asked.get("post_logout_redirect_uri", "")
    if address and (client is None or address not in client.post_logout_addresses):
        raise Unproved("post_logout_redirect_uri is not registered")
    return SignOut(client, str((hint or {}).get("sub", "")), address)


@csrf_protect
def _confirmed(request: HttpRequest, account: Account, wanted: SignOut, state: str) -> HttpResponse:
    return _ended(request, account, wanted, state)


def _ended(
    request: HttpRequest, account: Account | None, wanted: SignOut, state: str
) -> HttpResponse:
    if account is not None:
        if wanted.client is not None:
            sign_ons.end(SignOn.objects.filter(client=wanted.client, account=account))
        logout(request)
    if not wanted.address:
        return render(request, "oidc/signed_out.html")
    given = [("state", state)] if state else []
    return ToApplication(add_params_to_uri(wanted.address, given))
