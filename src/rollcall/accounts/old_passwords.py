"""Passwords that an account had before: kept as hashes, and not taken again."""

from __future__ import annotations

from django.contrib.auth.hashers import check_password

from rollcall.accounts.models import Account, OldPassword
from rollcall.accounts.password_rules import MOST_REMEMBERED


def remember(account: Account, kept: int) -> None:
    """Keep the password that the account has now, before it gets another one; no more than `kept`.

    `kept` is what the settings ask, at most `MOST_REMEMBERED`.
    """
    if not account.has_usable_password():
        return
    OldPassword.objects.create(account=account, hashed=account.password)
    rows = OldPassword.objects.filter(account=account).order_by("-pk")
    newest = [row.pk for row in rows[: min(kept, MOST_REMEMBERED)]]
    OldPassword.objects.filter(account=account).exclude(pk__in=newest).delete()


def has_had(account: Account, password: str, history: int) -> bool:
    """Whether this is the account's password, or one of so many before it."""
    if account.pk is None:
        return False
    earlier = OldPassword.objects.filter(account=account).order_by("-pk")
    hashes = [account.password, *earlier.values_list("hashed", flat=True)[:history]]
    # without a setter, so that looking does not hash anew
    return any(check_password(password, hashed) for hashed in hashes)
