"""Answers in the browser: a form that goes on to the application by itself, or a page of ours."""

from __future__ import annotations

import base64

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from rollcall.access.oidc.redirect_addresses import origin


def posted(
    request: HttpRequest, address: str, message: bytes, relay_state: str, label: str
) -> HttpResponse:
    """The page whose form carries a response to an address that is registered.

    It names that address's origin to the browser (`web.shell.middleware.csp`), and is not kept.
    """
    context = {
        "address": address,
        "message": base64.b64encode(message).decode(),
        "relay_state": relay_state,
        "label": label,
    }
    page = render(request, "saml/post.html", context)
    page.form_targets = (origin(address),)  # type: ignore[attr-defined]
    page["Cache-Control"] = "no-store"
    return page


def shown(request: HttpRequest, description: str, status: int = 400) -> HttpResponse:
    """Tell the person what is wrong with the request, for an administrator to mend."""
    return render(request, "saml/unreadable.html", {"description": description}, status=status)


def refused(request: HttpRequest, message: str = "") -> HttpResponse:
    """Tell the person that they do not get in, and no more than a policy's own words."""
    return render(request, "saml/refused.html", {"message": message}, status=403)
