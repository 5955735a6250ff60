"""The tokens in links for forgotten passwords: what a link is bound to."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.tokens import PasswordResetTokenGenerator

from rollcall.accounts.models import Account
from rollcall.accounts.standing import standing_of


class ResetTokens(PasswordResetTokenGenerator):
    """Django's, bound also to the addresses that get a user's links, and to having access.

    A link to an address that was mistyped ends when the address is corrected, and whoever is
    suspended has none that works. No statement is asked where the account has its user there: an
    unknown address costs as much.
    """

    def _make_hash_value(self, user: Any, timestamp: int) -> str:
        own = super()._make_hash_value(user, timestamp)
        return "\0".join((own, *_bound_to(user)))


def _bound_to(account: Account) -> tuple[str, ...]:
    user = account.user
    if user is None:
        return (str(account.is_active),)
    may = standing_of(account).may_set_password
    return (str(may), user.email, user.recoveryEmail, account.recovery_verified)
