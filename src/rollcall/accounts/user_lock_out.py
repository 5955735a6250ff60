"""Locks a user after so many wrong passwords, from wherever they come, and unlocks in time.

axes locks out one address for one name (`AXES_FAILURE_LIMIT`); this is for whoever guesses from
many. Administrators are not locked: anybody could keep the last one out by typing nonsense.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from axes.models import AccessAttempt
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from rollcall.accounts import account_mail, password_policies, user_accounts
from rollcall.accounts.models import Account, PasswordPolicy
from rollcall.core.actor import ROLLCALL, Actor
from rollcall.directory import services as directory
from rollcall.directory.services import HAND, UserChange
from rollcall.provisioning.user import State

AT_ONCE: Final = 500


def is_locked(email: str) -> bool:
    """Whether the user who signs in with this e-mail is locked now.

    Asked of every name that is typed, in one statement. Whose time has come is unlocked by it.
    """
    locked = Account.objects.get_queryset().filter(email=email, user__account_locked=True)
    row = locked.values_list("user", "unlocks_at").first()
    if row is None:
        return False
    user_id, unlocks_at = row
    if unlocks_at is None or unlocks_at > timezone.now():
        return True
    user_accounts.unlock(ROLLCALL, HAND, [str(user_id)])
    return False


def note_failure(actor: Actor, email: str) -> None:
    """Lock the user who signs in with this e-mail, if there were too many wrong passwords.

    axes has counted them, in rows that every process adds to. The same three statements for a name
    that is nobody's and for one that is somebody's, but for the one failure that locks.
    """
    guessed = Account.objects.get_queryset().filter(
        email=email, role_grants=None, user__state=State.ACTIVATED, user__account_locked=False
    )
    account = guessed.first()
    policy = password_policies.of(account.user_id if account else None)
    attempts = AccessAttempt.objects.filter(username=email)
    wrong = attempts.aggregate(times=Sum("failures_since_start"))["times"] or 0
    if account is not None and policy.locks_after is not None and wrong >= policy.locks_after:
        _lock(actor, account, policy)


def unlock_due() -> int:
    """Unlock whose time has come; how many there were. Done again and again by the workers."""
    due = Account.objects.get_queryset().filter(unlocks_at__lte=timezone.now())
    ids = [str(user_id) for user_id in due.values_list("user", flat=True)[:AT_ONCE] if user_id]
    locked = user_accounts.unlock(ROLLCALL, HAND, ids) if ids else 0
    # Whoever was unlocked by hand, or deleted meanwhile, is not waited for any longer.
    Account.objects.get_queryset().filter(unlocks_at__isnull=False).exclude(
        user__account_locked=True
    ).update(unlocks_at=None)
    return locked


@transaction.atomic
def _lock(actor: Actor, account: Account, policy: PasswordPolicy) -> None:
    user_id = str(account.user_id)
    held = directory.hold_users([user_id])
    # Of two failures at once, in two processes, one locks.
    if user_id not in held or held[user_id].account_locked:
        return
    minutes = policy.unlocks_after_minutes
    account.unlocks_at = timezone.now() + timedelta(minutes=minutes) if minutes else None
    account.save(update_fields=["unlocks_at"])
    change = UserChange(user_id, {"account_locked": True})
    directory.update_users(actor, HAND, [change], held)
    account_mail.tell_locked(account, held[user_id], minutes)
