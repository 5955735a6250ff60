"""Checks passwords, and reads who is signed in anew at each request: is access theirs still?"""

from __future__ import annotations

from typing import Any, cast

from allauth.account.auth_backends import AuthenticationBackend
from django.http import HttpRequest

from rollcall.accounts import user_lock_out
from rollcall.accounts.models import Account
from rollcall.accounts.standing import standing_of


class AccountBackend(AuthenticationBackend):  # type: ignore[misc]  # allauth ships no types
    """allauth's, with sessions that end as soon as their account has no access any more.

    Whoever is suspended, locked or has an expired password is signed in nowhere from the next
    request on, in whichever process that was done: nothing has to find and end their sessions.
    `authenticate` answers whose password it is and no more: whoever calls it without allauth's
    sign-in around it asks `standing_of` as well.
    """

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> Account | None:
        """Whose password this is; nobody's while they are locked, whatever was typed.

        A locked user is answered as a wrong password is: whoever guesses must not learn in the
        meantime which guess was right. Asked alike for every name.
        """
        account = super().authenticate(request, **credentials)
        if user_lock_out.is_locked(str(credentials.get("email", ""))):
            # allauth would lead an inactive account to a page of its own.
            self.unstash_authenticated_user()
            return None
        return cast("Account | None", account)

    def get_user(self, user_id: Any) -> Account | None:
        """The account of a session, if it has access now."""
        return _admitted(super().get_user(user_id))

    async def aget_user(self, user_id: Any) -> Account | None:
        """The same, from an asynchronous page."""
        return _admitted(await super().aget_user(user_id))


def _admitted(account: Account | None) -> Account | None:
    return account if account is not None and standing_of(account).admitted else None
