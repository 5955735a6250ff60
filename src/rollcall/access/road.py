"""The road from sign-in to an application: which origin its pages have to name to browsers.

A browser refuses a form whose answer leads to an origin that the page's `form-action` does not
name, also where only a redirect leads there. So the pages of sign-in name the application that
somebody is on the way to, while they are on the way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import parse_qsl, urlsplit

from django.urls import Resolver404, resolve

_doors: dict[str, Callable[[Mapping[str, str]], str]] = {}


def register(route: str, origin: Callable[[Mapping[str, str]], str]) -> None:
    """Let the door at the route of this name say where its requests lead: an origin, or "".

    It is asked with the query's parameters and those of the route's own path.
    """
    _doors[route] = origin


def targets(address: str) -> tuple[str, ...]:
    """The origin that somebody goes to who is sent to this address of ours; none for most."""
    try:
        parts = urlsplit(address)
        asked = dict(parse_qsl(parts.query, max_num_fields=100))
        match = resolve(parts.path)
    except (ValueError, Resolver404):
        return ()
    if parts.netloc or "\0" in parts.query or "%00" in parts.query:
        return ()
    ask = _doors.get(match.url_name or "")
    origin = ask({**asked, **match.kwargs}) if ask else ""
    return (origin,) if origin else ()
