"""Answers of the authorization endpoint: to the application, or shown where that is unsafe."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from oauthlib.common import add_params_to_uri

from rollcall.access.oidc.issuer import issuer


class ToApplication(HttpResponse):
    """A redirect to an address that the client has registered."""

    status_code = 302

    def __init__(self, address: str) -> None:
        super().__init__()
        # Django's own redirect refuses the schemes of apps; this address was registered.
        self["Location"] = address


def to_application(request: HttpRequest, redirect_uri: str, **answer: str) -> HttpResponse:
    """Send the answer; the issuer in it keeps a client from mixing us up (RFC 9207)."""
    given = [(name, value) for name, value in answer.items() if value]
    return ToApplication(add_params_to_uri(redirect_uri, [*given, ("iss", issuer(request))]))


def shown(request: HttpRequest, error: str, description: str = "") -> HttpResponse:
    """Tell the person: nobody is sent to an address that no known client has registered."""
    context = {"error": error, "description": description}
    return render(request, "oidc/refused.html", context, status=400)
