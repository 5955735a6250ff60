"""Pages and answers hold people's data: no browser and no proxy keeps a copy of them."""

from __future__ import annotations

from django.http.response import HttpResponseBase

from rollcall.web.shell.middleware.base import AnswerMiddleware

KEEP_NOTHING = "no-store, private"


class KeepNothingMiddleware(AnswerMiddleware):
    """Stands below the static files, which say for themselves how long they may be kept."""

    def mark(self, response: HttpResponseBase) -> HttpResponseBase:
        """The answer, not to be kept unless it says otherwise."""
        response.headers.setdefault("Cache-Control", KEEP_NOTHING)
        return response
