"""Whether somebody has lately proved who they are: what is asked before a sensitive action."""

from __future__ import annotations

import time
from typing import Final

from allauth.account.authentication import get_authentication_records
from django.http import HttpRequest

from rollcall.accounts.models import Account

FRESH_FOR: Final = 300
"""Seconds for which a password, a code or a security key counts as just given."""

METHODS: Final = frozenset({"password", "mfa"})
"""What allauth calls the proofs that count; a link from an e-mail is none."""


def is_fresh(request: HttpRequest) -> bool:
    """Whether whoever is signed in has given password, code or security key just now.

    At sign-in or when asked again: an open desk is open for five minutes and not for a day.
    """
    account = request.user
    if not isinstance(account, Account):
        return False
    records = get_authentication_records(request, account)
    proved = [record["at"] for record in records if record["method"] in METHODS]
    return bool(proved) and time.time() - max(proved) < FRESH_FOR
