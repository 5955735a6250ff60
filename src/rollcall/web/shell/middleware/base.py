"""What the portal's middlewares are made of: they work whether the server waits for them or not."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.http import HttpRequest
from django.http.response import HttpResponseBase


class EitherWayMiddleware:
    """Is a coroutine where what it calls is one: `waits` says so."""

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response
        self.waits = iscoroutinefunction(get_response)
        if self.waits:
            # asgiref looks at the object and not at its `__call__`.
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> Any:
        """The answer to the request; to be awaited where `waits` says so."""
        raise NotImplementedError


class AnswerMiddleware(EitherWayMiddleware):
    """Hands each answer to `mark`, which the middleware that derives from this one provides."""

    def __call__(self, request: HttpRequest) -> Any:
        if self.waits:
            return self._answer(self.get_response(request))
        return self.mark(self.get_response(request))

    async def _answer(self, response: Awaitable[HttpResponseBase]) -> HttpResponseBase:
        return self.mark(await response)

    def mark(self, response: HttpResponseBase) -> HttpResponseBase:
        """The answer as it is to leave."""
        raise NotImplementedError
