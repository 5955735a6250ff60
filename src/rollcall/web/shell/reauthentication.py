"""Asks again for password or security key, and then does what was to be done.

The form that was sent meanwhile waits in the session: sealed, since it may hold a secret, for ten
minutes, and only for the address that carries its nonce.
"""

from __future__ import annotations

import json
import secrets
import time
from typing import Final
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext

from rollcall.accounts.reauthentication import is_fresh
from rollcall.core.sealing import SealBroken, seal, unseal

SUSPENDED: Final = "rollcall_suspended_form"
NONCE: Final = "resume"
KEPT_FOR: Final = 600
"""Seconds for which a form waits."""
LARGEST: Final = 64_000
"""Bytes of a form that waits; a larger one is sent once more."""


def ask(request: HttpRequest) -> HttpResponseBase | None:
    """None where the person has just proved who they are; else the way to where they do.

    Raises:
        PermissionDenied: they have nothing to prove it with.
    """
    if is_fresh(request):
        return None
    methods = get_adapter(request).get_reauthentication_methods(request.user)
    if not methods:
        raise PermissionDenied
    where = f"{methods[0]['url']}?{urlencode({'next': _suspend(request)})}"
    if request.headers.get("HX-Request"):
        # htmx follows redirects inside the page; this makes the browser itself go there
        return HttpResponse(status=204, headers={"HX-Redirect": where})
    return redirect(where)


def resume(request: HttpRequest) -> None:
    """Make the request the form that waited for it, if it names one and its sender is proved."""
    nonce = request.GET.get(NONCE)
    waiting = request.session.pop(SUSPENDED, None) if nonce and request.method == "GET" else None
    if not waiting or not is_fresh(request) or time.time() - waiting["at"] > KEPT_FOR:
        return
    if waiting["path"] != request.path or not secrets.compare_digest(waiting["nonce"], nonce or ""):
        return
    try:
        form: dict[str, list[str]] = json.loads(unseal(waiting["form"].encode()))
    except SealBroken:
        return
    data = QueryDict(mutable=True)
    for name, values in form.items():
        data.setlist(name, values)
    request.method = "POST"
    request.POST = data  # type: ignore[assignment]  # as Django itself sets it
    # both are set, or Django would read them anew from a body that is not there
    request._files = MultiValueDict()  # type: ignore[attr-defined]


def _suspend(request: HttpRequest) -> str:
    """Keep the form; the address under which it is resumed, or the page where it cannot be."""
    form = {name: request.POST.getlist(name) for name in request.POST}
    # Of no use later: what is resumed comes as a GET, and proves itself by the nonce.
    form.pop("csrfmiddlewaretoken", None)
    text = json.dumps(form)
    # A session is a row in the database: no place for files, nor for much text.
    if request.FILES or len(text) > LARGEST:
        messages.info(request, gettext("Please send the form once more."))
        return request.path
    nonce = secrets.token_urlsafe(16)
    request.session[SUSPENDED] = {
        "path": request.path,
        "nonce": nonce,
        "at": time.time(),
        "form": seal(text).decode("ascii"),
    }
    return f"{request.path}?{urlencode({NONCE: nonce})}"
