"""Between Django's requests and those of the protocol's engine: who the issuer is, what is text."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest
from oauth2_provider.oauth2_backends import OAuthLibCore

from rollcall.access.oidc.issuer import issuer

ISSUER: Final = "rollcall.issuer"
"""No header of a client can have this name: theirs come in as `HTTP_…`."""


class Engine(OAuthLibCore):  # type: ignore[misc]  # the library ships no types
    """Tells the engine the issuer, which is the base address and not what a client calls us."""

    def extract_headers(self, request: HttpRequest) -> dict[str, Any]:
        """What the request carries, and the issuer."""
        headers: dict[str, Any] = super().extract_headers(request)
        return {**headers, ISSUER: issuer(request)}


def issuer_of(request: Any) -> str:
    """The issuer, in a request of the engine."""
    return str(request.headers[ISSUER])


def is_readable(request: HttpRequest) -> bool:
    """Whether the parameters are text that the engine and the database can take.

    U+0000 stands in no text of PostgreSQL; half a percent sign stops the engine's own reading.
    """
    given = (*request.GET.lists(), *request.POST.lists())
    texts = (text for name, values in given for text in (name, *values))
    return not any("\0" in text for text in texts)
