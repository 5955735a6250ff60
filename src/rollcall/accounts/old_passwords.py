"""Passwords that an account had before: kept as hashes, and not taken again."""

from __future__ import annotations

from typing import Final

from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from rollcall.accounts.models import Account, OldPassword

REMEMBERED: Final = 5
"""How many earlier passwords are remembered, beside the present one."""


def remember(account: Account) -> None:
    """Keep the password that the account has now, before it gets another one."""
    if not account.has_usable_password():
        return
    OldPassword.objects.create(account=account, hashed=account.password)
    kept = OldPassword.objects.filter(account=account).order_by("-pk")[:REMEMBERED]
    OldPassword.objects.filter(account=account).exclude(pk__in=[row.pk for row in kept]).delete()


class NoOldPasswordValidator:
    """Refuses the present password and the ones before it."""

    def validate(self, password: str, user: object = None) -> None:
        """Raise a ValidationError where the account had this password."""
        if not isinstance(user, Account) or user.pk is None:
            return
        earlier = OldPassword.objects.filter(account=user).order_by("-pk")
        hashes = [user.password, *earlier.values_list("hashed", flat=True)[:REMEMBERED]]
        # without a setter, so that looking does not hash anew
        if any(check_password(password, hashed) for hashed in hashes):
            raise ValidationError(gettext("You had this password before: choose a new one."))

    def get_help_text(self) -> str:
        """What is asked of a password."""
        return gettext("Your password is none that you had before.")
