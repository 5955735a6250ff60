"""The short way for what applications ask by themselves: no session, no language, no form.

A server that waits pays for each of Django's middlewares with a change of threads and back, several
milliseconds in all; what applications ask needs none of those that are about people in browsers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final

from asgiref.sync import sync_to_async
from django.core.handlers.exception import convert_exception_to_response
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.clickjacking import XFrameOptionsMiddleware
from django.middleware.common import CommonMiddleware
from django.middleware.security import SecurityMiddleware
from django.urls import ResolverMatch, resolve, reverse

from rollcall.web.shell.middleware.base import EitherWayMiddleware
from rollcall.web.shell.middleware.caching import KeepNothingMiddleware
from rollcall.web.shell.middleware.csp import ContentSecurityPolicyMiddleware

ROUTES: Final = (
    "oidc-token",
    "oidc-introspect",
    "oidc-revoke",
    "oidc-userinfo",
    "oidc-jwks",
    "oidc-discovery",
)
"""The names of the routes whose views look at neither session nor cookie."""

MIDDLEWARE: Final[tuple[Any, ...]] = (
    SecurityMiddleware,
    ContentSecurityPolicyMiddleware,
    KeepNothingMiddleware,
    CommonMiddleware,
    XFrameOptionsMiddleware,
)
"""Those of the ordinary way that every answer needs, in their order there."""


class MachinesMiddleware(EitherWayMiddleware):
    """Stands behind the proxies' middleware and before all others."""

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        super().__init__(get_response)
        way: Any = convert_exception_to_response(_answer)
        for middleware in reversed(MIDDLEWARE):
            way = convert_exception_to_response(middleware(way))
        self._way: Any = sync_to_async(way, thread_sensitive=True) if self.waits else way

    def __call__(self, request: HttpRequest) -> Any:
        """The answer, by the short way where there is one."""
        short = request.path_info in _matches()
        return self._way(request) if short else self.get_response(request)


def _answer(request: HttpRequest) -> HttpResponseBase:
    match = request.resolver_match = _matches()[request.path_info]
    answer: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
    return answer


@cache
def _matches() -> Mapping[str, ResolverMatch]:
    return {address: resolve(address) for address in map(reverse, ROUTES)}
