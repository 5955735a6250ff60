"""Which language a page is in: the profile's, else the one chosen here, else the browser's."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import translation

from rollcall.web.shell.middleware.base import EitherWayMiddleware


class ProfileLanguageMiddleware(EitherWayMiddleware):
    """Puts the signed-in administrator's own language above what the browser asks for."""

    def __call__(self, request: HttpRequest) -> Any:
        if self.waits:
            return self._acall(request)
        _activate(request, getattr(request.user, "language", ""))
        return self.get_response(request)

    async def _acall(self, request: HttpRequest) -> Any:
        user = await request.auser()
        _activate(request, getattr(user, "language", ""))
        return await self.get_response(request)


# A language that is none ("") leaves the one that Django's middleware has found.
def _activate(request: HttpRequest, language: str) -> None:
    if language:
        translation.activate(language)
        request.LANGUAGE_CODE = translation.get_language()
