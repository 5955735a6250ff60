"""Settings: the first of their pages."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect


def open_first(request: HttpRequest) -> HttpResponseBase:
    """Lead to the first page: whoever shortens an address by hand lands somewhere."""
    return redirect("settings-users")
