"""Sessions in the database, of which each may have an end of its own."""

from __future__ import annotations

import time
from typing import Final

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.http import HttpRequest

from rollcall.accounts import password_policies
from rollcall.accounts.models import Account

ENDS: Final = "rollcall_ends"


class SessionStore(DatabaseSessions):
    """Django's, which end at the moment that they hold, if they hold one.

    The browser's cookie goes with the browser all the same (`ACCOUNT_SESSION_REMEMBER`).
    """

    def get_session_cookie_age(self) -> int:
        """For how many seconds the session lasts from now on."""
        ends = self.get(ENDS)
        return settings.SESSION_COOKIE_AGE if ends is None else max(0, int(ends - time.time()))


def limit(request: HttpRequest, account: Account) -> None:
    """Let the session that has just begun last as long as the settings say of its owner.

    An administrator's lasts as long as ever: `SESSION_COOKIE_AGE`.
    """
    if not account.roles:
        hours = password_policies.of(account.user_id).session_hours
        request.session[ENDS] = time.time() + hours * 3600
