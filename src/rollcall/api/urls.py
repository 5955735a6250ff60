"""The addresses of the API; whatever else is asked for under them is answered with a JSON 404."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any, Final

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, re_path
from django.views.decorators.csrf import csrf_exempt

from rollcall.api import openapi
from rollcall.api.jumpcloud.errors import refused
from rollcall.api.service import service

View = Callable[..., HttpResponseBase]


def _served() -> list[tuple[URLPattern, URLPattern]]:
    """Each address as the service has it, and as it is served."""
    patterns = [pattern for pattern in service.urls[0] if isinstance(pattern, URLPattern)]
    return [
        (
            pattern,
            re_path(
                rf"^{pattern.pattern.regex.pattern.lstrip('^')}",
                _in_json(pattern.callback),
                name=pattern.name,
            ),
        )
        for pattern in patterns
        if pattern.name != "api-root"
    ]


def _in_json(view: View) -> View:
    """The view, with a wrong method refused in JSON as everything else is."""

    @csrf_exempt
    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **more: Any) -> HttpResponseBase:
        # Ninja itself answers a wrong method in plain text, past the handlers of errors.
        response = view(request, *args, **more)
        if response.status_code != 405:
            return response
        told = refused(request, 405, f"Method Not Allowed: {request.method}")
        # A 405 must say what is allowed (RFC 9110, 15.5.6).
        told["Allow"] = response.headers.get("Allow", "")
        return told

    return answered


@csrf_exempt
def otherwise(request: HttpRequest, rest: str = "") -> HttpResponseBase:
    """Serve an address that differs in letter case or a last slash, or tell that it is not served.

    The vendor's PowerShell module asks for `/api/Systemusers/…`. The request gets the address as it
    is written here, since who may do what is decided by it.
    """
    # Only for addresses that nothing serves as written: the usual request never comes through here.
    for spelling, route, view in SPELLINGS:
        if match := spelling.fullmatch(request.path_info):
            values = match.groupdict()
            request.path = request.path_info = _written(route, values)
            return view(request, **values)
    return refused(request, 404, "Not Found: this directory does not serve this address")


def _insensitive(pattern: URLPattern) -> re.Pattern[str]:
    address = str(pattern.pattern.regex.pattern).removeprefix("^").removesuffix(r"\Z")
    return re.compile(f"/{address}/?", re.IGNORECASE)


def _written(route: str, values: Mapping[str, str]) -> str:
    """The address of a route, `api/systemusers/<id>`, with these ids."""
    return "/" + PLACE.sub(lambda place: values[place[1]], route)


SERVED: Final = tuple(_served())
SPELLINGS: Final[Sequence[tuple[re.Pattern[str], str, View]]] = tuple(
    (_insensitive(own), str(own.pattern), served.callback) for own, served in SERVED
)
# A place of a Django route, such as `<str:id>`.
PLACE: Final = re.compile(r"<(?:\w+:)?(\w+)>")

urlpatterns = [
    path("api/openapi.json", openapi.openapi_json, name="api-openapi"),
    path("api/docs", openapi.page, name="api-docs"),
    *(served for _, served in SERVED),
    re_path(
        r"^(?:api|scim|insights/directory/v1)(?:/(?P<rest>.*))?$", otherwise, name="api-otherwise"
    ),
]
