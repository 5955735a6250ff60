"""Whom axes locks out after failed sign-ins, and what it calls them in the log."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.http import HttpRequest

from rollcall.core import emails

LONGEST: Final = 255
"""How many characters of what was typed axes can store."""


def attempted_email(request: HttpRequest, credentials: Mapping[str, Any] | None) -> str:
    """Whom axes counts a failed sign-in for: the e-mail as accounts keep it, however typed."""
    typed = (credentials or {}).get("email") or request.POST.get("login") or ""
    return emails.normalize(str(typed)[:LONGEST])


def nobody_by_name(*_: object) -> str:
    """What axes writes into the log instead of an e-mail and an address."""
    return "a visitor"
