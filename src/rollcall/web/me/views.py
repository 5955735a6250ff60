"""The user portal's pages that only show: Applications and Activity."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from rollcall.access.oidc.issuer import issuer
from rollcall.imports.open_targets import accounts_are_elsewhere
from rollcall.web.me import activity, applications
from rollcall.web.shell.pages import signed_in

SEARCH_LIMIT = 200


def list_applications(request: HttpRequest) -> HttpResponseBase:
    """A tile for each application that one's groups are bound to; `q` searches them."""
    account = signed_in(request)
    search = request.GET.get("q", "")[:SEARCH_LIMIT]
    user_id, is_elsewhere = account.user_id, accounts_are_elsewhere()
    shows = user_id is not None and not is_elsewhere
    tiles = applications.tiles(user_id, search, issuer(request)) if user_id and shows else ()
    context = {
        "tiles": tiles,
        "search": search,
        "is_user": user_id is not None,
        "is_elsewhere": is_elsewhere,
    }
    return render(request, "me/applications.html", context)


def list_activity(request: HttpRequest) -> HttpResponseBase:
    """One's own sign-ins."""
    return render(request, "me/activity.html", {"happenings": activity.of(signed_in(request))})
