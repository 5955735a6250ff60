"""The addresses of the API; whatever else is asked for under them is answered with a JSON 404."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, re_path
from django.views.decorators.csrf import csrf_exempt

from rollcall.api import openapi
from rollcall.api.jumpcloud.errors import refused
from rollcall.api.service import service

View = Callable[..., HttpResponseBase]


def _served() -> list[URLPattern]:
    found = [one for one in service.urls[0] if isinstance(one, URLPattern)]
    return [
        re_path(rf"^{one.pattern.regex.pattern.lstrip('^')}", _in_json(one.callback), name=one.name)
        for one in found
        if one.name != "api-root"
    ]


def _in_json(view: View) -> View:
    """The view, with a wrong method refused in JSON as everything else is."""

    @csrf_exempt
    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **more: Any) -> HttpResponseBase:
        response = view(request, *args, **more)
        if response.status_code != 405:
            return response
        told = refused(request, 405, f"Method Not Allowed: {request.method}")
        told["Allow"] = response.headers.get("Allow", "")
        return told

    return answered


@csrf_exempt
def not_served(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Tell that this directory does not serve the address."""
    return refused(request, 404, "Not Found: this directory does not serve this address")


urlpatterns = [
    path("api/openapi.json", openapi.openapi_json, name="api-openapi"),
    path("api/docs", openapi.page, name="api-docs"),
    *_served(),
    re_path(r"^(?:api|scim)(?:/(?P<rest>.*))?$", not_served, name="api-not-served"),
]
