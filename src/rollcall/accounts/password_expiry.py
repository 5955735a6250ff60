"""Passwords that get too old: their owners are warned day by day, then choose new ones."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone

from rollcall.accounts import account_mail, password_policies, user_accounts
from rollcall.accounts.models import Account, AccountQuerySet, PasswordPolicy
from rollcall.core.actor import ROLLCALL
from rollcall.directory.services import HAND
from rollcall.provisioning.user import State

AT_ONCE: Final = 500


def expire_due() -> int:
    """Expire passwords whose time has come; of how many users. Their sessions end.

    Whose settings let passwords live for ever by now keeps theirs.
    """
    expired, last = 0, 0
    while rows := list(_due().filter(pk__gt=last).order_by("pk")[:AT_ONCE]):
        last = rows[-1].pk
        policies = password_policies.of_many([str(account.user_id) for account in rows])
        old = [row for row in rows if policies[str(row.user_id)].expires_after_days]
        spared = [row.pk for row in rows if row not in old]
        Account.objects.get_queryset().filter(pk__in=spared).update(password_expires_at=None)
        expired += user_accounts.expire(ROLLCALL, HAND, [str(account.user_id) for account in old])
    return expired


def warn_due() -> int:
    """Write to whose password expires within the days of warning, once a day; to how many."""
    furthest = PasswordPolicy.objects.aggregate(days=Max("warns_before_days"))["days"]
    if not furthest:
        return 0
    sent, last = 0, 0
    while True:
        last, told = _warn_some(furthest, last)
        if not last:
            return sent
        sent += told


@transaction.atomic
def _warn_some(furthest: int, after: int) -> tuple[int, int]:
    """The key of the last account that was looked at, 0 for none, and how many were written to."""
    now, today = timezone.now(), timezone.localdate()
    near = _owners().filter(
        Q(password_warned_on=None) | Q(password_warned_on__lt=today),
        password_expires_at__gt=now,
        password_expires_at__lte=now + timedelta(days=furthest),
        pk__gt=after,
    )
    # Held, so that of two workers one writes.
    rows = list(near.select_for_update(of=("self",)).order_by("pk")[:AT_ONCE])
    if not rows:
        return 0, 0
    policies = password_policies.of_many([str(account.user_id) for account in rows])
    warned = [account for account in rows if _is_near(account, policies[str(account.user_id)])]
    Account.objects.get_queryset().filter(pk__in=[row.pk for row in warned]).update(
        password_warned_on=today
    )
    return rows[-1].pk, account_mail.warn_of_expiry(warned)


def _is_near(account: Account, policy: PasswordPolicy) -> bool:
    if account.password_expires_at is None or not policy.expires_after_days:
        return False
    left = account.password_expires_at - timezone.now()
    return left <= timedelta(days=policy.warns_before_days)


def _due() -> AccountQuerySet:
    return _owners().filter(password_expires_at__lte=timezone.now())


def _owners() -> AccountQuerySet:
    """Accounts of Active users whose password has not expired, with their users."""
    accounts = Account.objects.get_queryset().select_related("user")
    return accounts.filter(user__state=State.ACTIVATED, user__password_expired=False)
