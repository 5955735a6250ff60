"""Which requests have sent somebody to prove who they are, and when: in their own browser.

Anybody may ask at the authorization endpoint: what is remembered of them lies in a signed cookie,
and nothing in the database.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping
from typing import Any, Final

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

COOKIE: Final = f"{settings.COOKIE_PREFIX}rollcall_asked"
SECONDS: Final = 3600
"""How long somebody may take to prove who they are."""
MOST: Final = 8
"""How many requests of one browser are remembered: tabs that were open at once."""
_SALT: Final = "rollcall.access.oidc.waiting"

FOR_A_FACTOR: Final = "+"
"""Behind the request's key, where a second factor was asked for."""
FOR_AN_ACCOUNT: Final = "="
"""Behind the request's key, where the person has chosen to go on as who they are."""


def asked_at(request: HttpRequest, what: str = "") -> float | None:
    """When this very request has asked, in seconds since 1970; None where it has not."""
    return _asked(request).get(_key(_query(request)) + what)


def note(
    request: HttpRequest, answer: HttpResponse, *what: str, query: str | None = None
) -> HttpResponse:
    """The answer, with which the browser remembers that a request has asked just now.

    It is this request, or the authorization request with the parameters of `query`.
    """
    key, now = _key(_query(request) if query is None else query), round(time.time(), 3)
    asked = {**_asked(request), **{key + each: now for each in what or ("",)}}
    latest = sorted(asked.items(), key=lambda item: item[1])[-MOST:]
    return _kept(answer, dict(latest))


def forget(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """The answer to what was asked for: the same request, sent once more, asks once more."""
    asked, key = _asked(request), _key(_query(request))
    left = {name: at for name, at in asked.items() if not name.startswith(key)}
    return answer if left == asked else _kept(answer, left)


def _asked(request: HttpRequest) -> Mapping[str, float]:
    try:
        kept: Any = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=SECONDS)
    except signing.BadSignature:
        return {}
    return kept if isinstance(kept, dict) else {}


def _kept(answer: HttpResponse, asked: Mapping[str, float]) -> HttpResponse:
    if not asked:
        answer.delete_cookie(COOKIE, samesite="Lax")
        return answer
    answer.set_cookie(
        COOKIE,
        signing.dumps(asked, salt=_SALT),
        max_age=SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return answer


def _query(request: HttpRequest) -> str:
    return str(request.META.get("QUERY_STRING", ""))


def _key(query: str) -> str:
    # The parameters hold the client's state and nonce: two requests are hardly ever the same.
    return hashlib.sha256(query.encode()).hexdigest()[:16]
