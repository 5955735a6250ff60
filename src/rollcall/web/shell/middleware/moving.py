"""Asks the access policies anew when a session's address changes."""

from __future__ import annotations

from typing import Any

from asgiref.sync import sync_to_async
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from rollcall.access.policies import moving
from rollcall.accounts.models import Account
from rollcall.web.shell.middleware.base import EitherWayMiddleware


class MovedSessionMiddleware(EitherWayMiddleware):
    """Ends the session of whoever may not come in from where they are now."""

    def __call__(self, request: HttpRequest) -> Any:
        if self.waits:
            return self._acall(request)
        account = request.user
        if moving.has_moved(request, account) and (away := _sent_away(request, account)):
            return away
        return self.get_response(request)

    async def _acall(self, request: HttpRequest) -> Any:
        account = await request.auser()
        if moving.has_moved(request, account):
            away = await sync_to_async(_sent_away)(request, account)
            if away is not None:
                return away
        return await self.get_response(request)


def _sent_away(request: HttpRequest, account: object) -> HttpResponseBase | None:
    if isinstance(account, Account) and not moving.stays(request, account):
        return redirect_to_login(request.get_full_path())
    return None
