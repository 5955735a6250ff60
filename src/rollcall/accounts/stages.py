"""The steps of signing in that are ours: an expired password replaced, a factor announced."""

from __future__ import annotations

from typing import Final

from allauth.account.stages import LoginStage
from allauth.core.internal.httpkit import headed_redirect_response
from django.http import HttpResponse
from django.utils.crypto import constant_time_compare

from rollcall.accounts import second_factors
from rollcall.accounts.models import Account
from rollcall.accounts.standing import Bar, standing_of

ENROLMENT: Final = "factor_enrolment"
RENEWAL: Final = "password_renewal"
PROVED: Final = "proved"


class PasswordRenewalStage(LoginStage):  # type: ignore[misc]  # allauth ships no types
    """Asks for a new password of whoever has proved the expired one, and the second factor."""

    key = RENEWAL
    urlname = "account_renew_password"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        """The way to the form, or None where the password may stay."""
        account = self.login.user
        if not isinstance(account, Account) or not _must_renew(account):
            return None, True
        self.state[PROVED] = account.get_session_auth_hash()
        return headed_redirect_response(self.urlname), True

    def still_proved(self) -> bool:
        """Whether the password that was proved is the account's still, and still to be replaced.

        Minutes may lie between the two: the owner or an administrator may have set another one
        because of whoever is here, or the user may be suspended by now.
        """
        account = self.login.user
        proved = str(self.state.get(PROVED, ""))
        return constant_time_compare(proved, account.get_session_auth_hash()) and _must_renew(
            account
        )


class EnrolmentStage(LoginStage):  # type: ignore[misc]  # allauth ships no types
    """Tells whoever has to set up a second factor soon until when they can do without."""

    key = ENROLMENT
    urlname = "account_announce_enrolment"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        """The way to the page that says so, or None where there is nothing to say."""
        account = self.login.user
        if not isinstance(account, Account):
            return None, True
        enrolment = second_factors.enrolment_of(account)
        if not (enrolment.required and enrolment.in_period):
            return None, True
        return headed_redirect_response(self.urlname), True


def _must_renew(account: Account) -> bool:
    return standing_of(account).bar is Bar.PASSWORD_EXPIRED
