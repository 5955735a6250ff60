"""Sends somebody on the way to an application to prove who they are, and knows that they have."""

from __future__ import annotations

import time
from typing import Final
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url

from rollcall.accounts.models import Account
from rollcall.accounts.proofs import Proof

ASKED: Final = "access_asked"
"""Where a session keeps which requests have sent the person to prove who they are, and when."""
MOST_ASKED: Final = 5
FOR_A_FACTOR: Final = "+"
"""Behind the request's key, where it was a second factor that was asked for."""


def to_sign_in(request: HttpRequest, key: str, login_hint: str = "") -> HttpResponse:
    """The way to sign in, and back to this request; `key` is what the request is known by."""
    _note(request, key)
    where = redirect_to_login(request.get_full_path())
    if login_hint:
        where["Location"] += f"&{urlencode({'login_hint': login_hint})}"
    return where


def to_prove_anew(request: HttpRequest, account: Account, key: str) -> HttpResponse | None:
    """The way to prove again who they are; None where there is none."""
    methods = get_adapter(request).get_reauthentication_methods(account)
    if not methods:
        return None
    _note(request, key)
    return _on_the_way(request, methods[0]["url"])


def to_prove_a_factor(request: HttpRequest, account: Account, key: str) -> HttpResponse | None:
    """The way to give a second factor; None where there is none.

    A request leads there once: whoever comes back without the right one is refused.
    """
    methods = get_adapter(request).get_reauthentication_methods(account)
    ways = [method["url"] for method in methods if method["id"].startswith("mfa_")]
    if not ways or key + FOR_A_FACTOR in request.session.get(ASKED, {}):
        return None
    _note(request, key + FOR_A_FACTOR)
    return _on_the_way(request, ways[0])


def proved_since_asked(request: HttpRequest, proof: Proof, key: str) -> bool:
    """Whether they have proved who they are after this request has asked them to."""
    asked = request.session.get(ASKED, {}).get(key)
    # The proof is known to the second only.
    return asked is not None and proof.auth_time >= int(asked)


def forget(request: HttpRequest, key: str) -> None:
    """What was asked for is answered: the same request, sent once more, asks once more."""
    asked = request.session.get(ASKED, {})
    answered = {key, key + FOR_A_FACTOR}
    if answered & asked.keys():
        left = {name: at for name, at in asked.items() if name not in answered}
        request.session[ASKED] = left


def _on_the_way(request: HttpRequest, page: str) -> HttpResponse:
    return redirect(f"{resolve_url(page)}?{urlencode({'next': request.get_full_path()})}")


def _note(request: HttpRequest, key: str) -> None:
    asked = {**request.session.get(ASKED, {}), key: time.time()}
    latest = sorted(asked.items(), key=lambda item: item[1])[-MOST_ASKED:]
    request.session[ASKED] = dict(latest)
