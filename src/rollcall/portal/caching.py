"""Pages and answers hold people's data: no browser and no proxy keeps a copy of them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.http import HttpRequest
from django.http.response import HttpResponseBase

KEEP_NOTHING = "no-store, private"


class KeepNothingMiddleware:
    """Stands below the static files, which say for themselves how long they may be kept."""

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response
        self.waits = iscoroutinefunction(get_response)
        if self.waits:
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> Any:
        if self.waits:
            return self._answer(self.get_response(request))
        return _marked(self.get_response(request))

    async def _answer(self, response: Awaitable[HttpResponseBase]) -> HttpResponseBase:
        return _marked(await response)


def _marked(response: HttpResponseBase) -> HttpResponseBase:
    response.headers.setdefault("Cache-Control", KEEP_NOTHING)
    return response
