"""Answers of the authorization endpoint: to the application, or shown where that is unsafe."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from oauthlib.common import add_params_to_uri

from rollcall.access.oidc.asking import Mode
from rollcall.access.oidc.issuer import issuer
from rollcall.access.oidc.redirect_addresses import is_web, origin


class ToApplication(HttpResponse):
    """A redirect to an address that the client has registered."""

    status_code = 302

    def __init__(self, address: str) -> None:
        super().__init__()
        # Django's own redirect refuses the schemes of apps; this address was registered.
        self["Location"] = address


@dataclass(frozen=True, slots=True)
class Return:
    """Where an application is answered, and in which way; `state` is its own, given back."""

    redirect_uri: str
    mode: Mode = Mode.QUERY
    state: str = ""


def to_application(request: HttpRequest, back: Return, **answer: str) -> HttpResponse:
    """Send the answer; the issuer in it keeps a client from mixing us up (RFC 9207)."""
    given = {name: value for name, value in {**answer, "state": back.state}.items() if value}
    given["iss"] = issuer(request)
    # An app's own scheme takes no form: only a browser's address does.
    if back.mode is Mode.FORM_POST and is_web(back.redirect_uri):
        return _by_form(request, back.redirect_uri, given)
    in_fragment = back.mode is Mode.FRAGMENT
    return ToApplication(
        add_params_to_uri(back.redirect_uri, list(given.items()), fragment=in_fragment)
    )


def shown(request: HttpRequest, error: str, description: str = "") -> HttpResponse:
    """Tell the person: nobody is sent to an address that no known client has registered."""
    context = {"error": error, "description": description}
    return render(request, "oidc/refused.html", context, status=400)


def _by_form(request: HttpRequest, address: str, given: dict[str, str]) -> HttpResponse:
    """A page whose form sends itself (OAuth 2.0 Form Post Response Mode)."""
    page = render(request, "oidc/form_post.html", {"address": address, "given": given})
    page.form_targets = (origin(address),)  # type: ignore[attr-defined]
    # The code stands in it.
    page["Cache-Control"] = "no-store"
    return page
