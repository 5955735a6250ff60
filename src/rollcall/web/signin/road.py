"""The pages of sign-in that lie on the road to an application name its origin to the browser."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from rollcall.access import road

View = Callable[..., HttpResponseBase]

STASHED = "account_login"
"""Where allauth keeps a sign-in that waits for its second factor, with where it goes on."""


def on_the_road(view: View) -> View:
    """The view, whose page's forms may lead to the application that the person is on the way to."""

    @wraps(view)
    def named(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        goes_on = _goes_on(request)
        response = view(request, *args, **kwargs)
        if goes_on and (targets := road.targets(goes_on)):
            response.form_targets = targets  # type: ignore[attr-defined]
        return response

    return named


def _goes_on(request: HttpRequest) -> str:
    """Where they go after this page, as it says itself or as the waiting sign-in knows."""
    field = REDIRECT_FIELD_NAME
    given = request.POST.get(field) or request.GET.get(field)
    waiting = request.session.get(STASHED)
    stashed = waiting.get("redirect_url") if isinstance(waiting, dict) else None
    return str(given or stashed or "")
