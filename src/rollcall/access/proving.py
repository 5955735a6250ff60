"""Sends somebody on the way to an application to prove who they are, and knows that they have."""

from __future__ import annotations

from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url

from rollcall.access.oidc import waiting
from rollcall.access.oidc.waiting import FOR_A_FACTOR
from rollcall.accounts.models import Account
from rollcall.accounts.proofs import Proof


def to_sign_in(request: HttpRequest, login_hint: str = "") -> HttpResponse:
    """The way to sign in, and back to this request."""
    where: HttpResponse = redirect_to_login(request.get_full_path())
    if login_hint:
        where["Location"] += f"&{urlencode({'login_hint': login_hint})}"
    return waiting.note(request, where, _here(request))


def to_prove_anew(request: HttpRequest, account: Account) -> HttpResponse | None:
    """The way to prove again who they are; None where there is none."""
    methods = get_adapter(request).get_reauthentication_methods(account)
    if not methods:
        return None
    return waiting.note(request, _way(request, methods[0]["url"]), _here(request))


def to_prove_a_factor(request: HttpRequest, account: Account) -> HttpResponse | None:
    """The way to give a second factor; None where there is none.

    A request leads there once: whoever comes back without the right one is refused.
    """
    methods = get_adapter(request).get_reauthentication_methods(account)
    ways = [method["url"] for method in methods if method["id"].startswith("mfa_")]
    what = FOR_A_FACTOR + _here(request)
    if not ways or waiting.asked_at(request, what) is not None:
        return None
    return waiting.note(request, _way(request, ways[0]), what)


def proved_since_asked(request: HttpRequest, proof: Proof) -> bool:
    """Whether they have proved who they are after this request has asked them to."""
    asked = waiting.asked_at(request, _here(request))
    # The proof is known to the second only.
    return asked is not None and proof.auth_time >= int(asked)


def _here(request: HttpRequest) -> str:
    # A sign-on that begins here has no parameters: of what application it is says the path alone.
    return f":{request.path}"


def _way(request: HttpRequest, page: str) -> HttpResponse:
    return redirect(f"{resolve_url(page)}?{urlencode({'next': request.get_full_path()})}")
