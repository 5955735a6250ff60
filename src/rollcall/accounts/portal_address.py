"""Where people reach the portal, for links that are followed from outside it."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def base_url(request: HttpRequest | None = None) -> str:
    """Where people reach the portal: `ROLLCALL_BASE_URL`, else the host that was asked."""
    # The setting wins over the request's host, which is what a client claims it to be.
    if settings.BASE_URL or request is None:
        return str(settings.BASE_URL)
    return f"{request.scheme}://{request.get_host()}"


def absolute(route: str, request: HttpRequest | None = None) -> str:
    """The full address of a path (`/imports/1/`) under `base_url`."""
    return f"{base_url(request)}{route}"
