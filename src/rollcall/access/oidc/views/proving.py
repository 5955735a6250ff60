"""Where somebody is sent to prove who they are, before the application is answered."""

from __future__ import annotations

import time
from typing import Final
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils.translation import get_supported_language_variant
from django.views.decorators.http import require_POST

from rollcall.access.oidc import waiting
from rollcall.access.oidc.asking import Unanswerable, Wishes
from rollcall.access.oidc.waiting import FOR_A_FACTOR, FOR_AN_ACCOUNT
from rollcall.accounts.models import Account
from rollcall.accounts.proofs import Proof

LONGEST_QUERY: Final = 16_384


def is_recent(request: HttpRequest, proof: Proof, wishes: Wishes) -> bool:
    """Whether they have proved who they are as lately as the client wants."""
    if not wishes.anew and (
        wishes.max_age is None or time.time() - proof.auth_time <= wishes.max_age
    ):
        return True
    asked = waiting.asked_at(request)
    # The proof is known to the second only.
    return asked is not None and proof.auth_time >= int(asked)


def to_sign_in(request: HttpRequest, wishes: Wishes) -> HttpResponse:
    """The way to the page of sign-in.

    Raises:
        Unanswerable: nobody may be asked.
    """
    if wishes.silent:
        raise Unanswerable("login_required")
    where: HttpResponse = redirect_to_login(request.get_full_path())
    if wishes.login_hint:
        where["Location"] += f"&{urlencode({'login_hint': wishes.login_hint})}"
    if language := _language(wishes):
        where.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, samesite="Lax")
    # Whoever types who they are has chosen an account.
    return waiting.note(request, where, *(("", FOR_AN_ACCOUNT) if wishes.chosen else ("",)))


def to_prove_anew(request: HttpRequest, account: Account, wishes: Wishes) -> HttpResponse:
    """The way to prove once more who they are.

    Raises:
        Unanswerable: nobody may be asked, or they have nothing to prove it with.
    """
    methods = get_adapter(request).get_reauthentication_methods(account)
    if wishes.silent or not methods:
        raise Unanswerable("login_required")
    return waiting.note(request, _way(request, str(methods[0]["url"])))


def to_prove_a_factor(
    request: HttpRequest, account: Account, wishes: Wishes
) -> HttpResponse | None:
    """The way to give a second factor that is asked for; None where there is none.

    A request leads there once: whoever comes back without the right one is refused.
    """
    methods = get_adapter(request).get_reauthentication_methods(account)
    ways = [method["url"] for method in methods if method["id"].startswith("mfa_")]
    if wishes.silent or not ways or waiting.asked_at(request, FOR_A_FACTOR) is not None:
        return None
    return waiting.note(request, _way(request, str(ways[0])), FOR_A_FACTOR)


def to_choose(request: HttpRequest) -> HttpResponse | None:
    """The page on which they go on as who they are, or as somebody else; None once they have."""
    if waiting.asked_at(request, FOR_AN_ACCOUNT) is not None:
        return None
    return render(request, "oidc/choose.html", {"asked": request.META.get("QUERY_STRING", "")})


@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """What they have chosen; the request for authorization goes on either way."""
    query = request.POST.get("asked", "")[:LONGEST_QUERY]
    where = redirect(f"{reverse('oidc-authorize')}?{query}")
    if request.POST.get("choice") != "stay":
        logout(request)
        return where
    return waiting.note(request, where, FOR_AN_ACCOUNT, query=query)


def _way(request: HttpRequest, url: str) -> HttpResponse:
    return redirect(f"{resolve_url(url)}?{urlencode({'next': request.get_full_path()})}")


def _language(wishes: Wishes) -> str:
    """The first language of the wished ones that there is; "" where there is none."""
    for locale in wishes.ui_locales:
        try:
            return get_supported_language_variant(locale.lower())
        except LookupError:
            continue
    return ""
