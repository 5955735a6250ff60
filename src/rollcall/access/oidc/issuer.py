"""The addresses of the provider, all under the installation's base address."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from rollcall.accounts.portal_address import base_url
from rollcall.core.errors import Problem


class NoBaseAddress(Problem):
    """Nobody has said where this installation is reached, and so who the issuer is."""


def issuer(request: HttpRequest | None = None) -> str:
    """The issuer's name, which is an address (OpenID Connect Core, 2): the base address."""
    return base_url(request).rstrip("/")


def settled() -> str:
    """The issuer, where the settings name it: a client is told of no other.

    Raises:
        NoBaseAddress: they do not.
    """
    if not settings.BASE_URL:
        raise NoBaseAddress(
            "set ROLLCALL_BASE_URL to the address that people and applications reach Rollcall at, "
            "https://rollcall.example.com say: it is the issuer's name"
        )
    return issuer()


def endpoint(name: str, request: HttpRequest) -> str:
    """The full address of an endpoint by the name of its route."""
    return f"{issuer(request)}{reverse(name)}"
