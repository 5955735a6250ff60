"""Checks passwords, and reads who is signed in anew at each request: is access theirs still?"""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from rollcall.accounts.models import Account
from rollcall.accounts.standing import standing_of


class AccountBackend(AuthenticationBackend):  # type: ignore[misc]  # allauth ships no types
    """allauth's, with sessions that end as soon as their account has no access any more.

    Whoever is suspended, locked or has an expired password is signed in nowhere from the next
    request on, in whichever process that was done: nothing has to find and end their sessions.
    `authenticate` answers whose password it is and no more: whoever calls it without allauth's
    sign-in around it asks `standing_of` as well.
    """

    def get_user(self, user_id: Any) -> Account | None:
        """The account of a session, if it has access now."""
        return _admitted(super().get_user(user_id))

    async def aget_user(self, user_id: Any) -> Account | None:
        """The same, from an asynchronous page."""
        return _admitted(await super().aget_user(user_id))


def _admitted(account: Account | None) -> Account | None:
    return account if account is not None and standing_of(account).admitted else None
