"""The steps of signing in that are ours: an expired password is replaced before one is in."""

from __future__ import annotations

from typing import Final

from allauth.account.stages import LoginStage
from allauth.core.internal.httpkit import headed_redirect_response
from django.http import HttpResponse

from rollcall.accounts.models import Account
from rollcall.accounts.standing import Bar, standing_of

RENEWAL: Final = "password_renewal"


class PasswordRenewalStage(LoginStage):  # type: ignore[misc]  # allauth ships no types
    """Asks for a new password of whoever has proved the expired one, and the second factor."""

    key = RENEWAL
    urlname = "account_renew_password"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        """The way to the form, or None where the password may stay."""
        account = self.login.user
        expired = isinstance(account, Account) and standing_of(account).bar is Bar.PASSWORD_EXPIRED
        return (headed_redirect_response(self.urlname) if expired else None), True
