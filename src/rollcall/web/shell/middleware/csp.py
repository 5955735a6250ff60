"""The Content-Security-Policy of every answer, and where browsers report what it stopped."""

from __future__ import annotations

import logging
import time
from collections import deque
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from rollcall.core import json_text
from rollcall.web.shell.middleware.base import AnswerMiddleware

REPORT_PATH = "/csp-report/"


def policy(*form_targets: str) -> str:
    """The policy of a page whose forms may lead to these origins beside our own.

    A browser holds a form to where it ends up, also by redirects: on the way to an application
    the pages name that application's origin, and no other page does.
    """
    return "; ".join(
        (
            "default-src 'self'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' data:",  # Tabler's own icons and the QR code are data: images
            "object-src 'none'",
            "base-uri 'none'",
            " ".join(("form-action 'self'", *form_targets)),
            "frame-ancestors 'none'",
            f"report-uri {REPORT_PATH}",
        )
    )


POLICY = policy()

MOST_LINES: Final = 60
"""How many reports this process logs in a minute: anybody may send them."""

logger = logging.getLogger(__name__)
_logged: deque[float] = deque(maxlen=MOST_LINES)


class ContentSecurityPolicyMiddleware(AnswerMiddleware):
    """Sends the policy and the permissions policy with every answer that sets none of its own."""

    def mark(self, response: HttpResponseBase) -> HttpResponseBase:
        """The answer with both policies."""
        targets: tuple[str, ...] = getattr(response, "form_targets", ())
        response.headers.setdefault(
            "Content-Security-Policy", policy(*targets) if targets else POLICY
        )
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=()"
        )
        return response


@csrf_exempt
@require_POST
def report(request: HttpRequest) -> HttpResponse:
    """Log which directive a page violated; what the page showed is not logged."""
    try:
        # Anybody may send reports: little is read, and what is logged is one short line.
        body = json_text.loads(request.body[:10_000]).get("csp-report", {})
        directive, blocked = str(body.get("effective-directive")), str(body.get("blocked-uri"))
    except (ValueError, AttributeError):
        return HttpResponse(status=400)
    if _may_log(time.monotonic()):
        logger.warning("csp violation: %s blocked %s", _word(directive, 40), _word(blocked, 80))
    return HttpResponse(status=204)


def _may_log(now: float) -> bool:
    if len(_logged) == MOST_LINES and now - _logged[0] < 60:
        return False
    _logged.append(now)
    return True


def _word(told: str, longest: int) -> str:
    """What a browser, or anybody, told us, as a part of one line of the log."""
    return "".join(char if char.isprintable() else "?" for char in told.split("?")[0][:longest])
