"""What administrators do to the accounts of users: unlock, expire passwords, reset factors."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt
from django.db import transaction
from django.utils import timezone

from rollcall.accounts import factor_services
from rollcall.accounts.models import Account
from rollcall.audit.actions import Action
from rollcall.audit.actor import Actor
from rollcall.audit.recording import Entry, Target, record_many
from rollcall.directory import services as directory
from rollcall.directory.models import User
from rollcall.directory.services import UserChange
from rollcall.provisioning.user import State


@transaction.atomic
def unlock(actor: Actor, source: str, user_ids: Sequence[str]) -> int:
    """Let these users in again after failed sign-ins, which are forgotten; how many were locked.

    Passwords stay. A suspended user is not unlocked (JumpCloud's rule): only reactivated.
    """
    held = directory.hold_users(user_ids)
    users = [user for user in held.values() if user.state != State.SUSPENDED]
    # An administrator's failures stay: who merely writes users could guess on and on otherwise.
    accounts = Account.objects.filter(user__in=[user.pk for user in users], role_grants=None)
    # Materialized: the two tables have nothing in common but these texts.
    names = list(accounts.values_list("email", flat=True))
    failed = set(
        AccessAttempt.objects.filter(username__in=names).values_list("username", flat=True)
    )
    AccessAttempt.objects.filter(username__in=failed).delete()
    accounts.filter(unlocks_at__isnull=False).update(unlocks_at=None)
    locked = [user for user in users if user.account_locked]
    changes = [UserChange(user.pk, {"account_locked": False}) for user in locked]
    if changes:
        directory.update_users(actor, source, changes, held)
    shut_out = accounts.filter(email__in=failed).exclude(user__in=[user.pk for user in locked])
    entries = [Entry(Target("user", str(account.user_id), account.email)) for account in shut_out]
    if entries:
        record_many(actor, Action.USER_UNLOCK, entries)
    return len(locked) + len(entries)


@transaction.atomic
def expire(actor: Actor, source: str, user_ids: Sequence[str]) -> int:
    """Let these users' passwords count as expired; how many did not. Their sessions end."""
    held = directory.hold_users(user_ids)
    fresh = [user for user in held.values() if not user.password_expired]
    if fresh:
        changes = [UserChange(user.pk, {"password_expired": True}) for user in fresh]
        directory.update_users(actor, source, changes, held)
    return len(fresh)


@transaction.atomic
def reset_factors(actor: Actor, user_ids: Sequence[str], until: datetime | None = None) -> int:
    """Take these users' second factors away, for whoever lost theirs; of how many there were any.

    With `until` a new enrolment period begins that ends then; without it, whoever needs a factor
    sets one up before anything else. Administrators' are left alone: Settings → Administrators and
    `rollcall admin reset` let them in again, which takes another right.
    """
    administrators = Account.objects.filter(user__in=user_ids, role_grants__isnull=False)
    others = User.objects.filter(pk__in=user_ids)
    users = list(others.exclude(pk__in=administrators.values("user")))
    factors = Authenticator.objects.filter(user__user__in=[user.pk for user in users])
    concerned = set(factors.values_list("user__user_id", flat=True))
    factors.delete()
    factor_services.set_period(users, until or timezone.now())
    after = {"excluded_until": until.isoformat()} if until else {}
    # Without a new period, whoever had none has lost none.
    entries = [
        Entry(Target("user", user.pk, user.email), after=after)
        for user in users
        if until or user.pk in concerned
    ]
    if entries:
        record_many(actor, Action.ACCOUNT_SECOND_FACTOR_RESET, entries)
    return len(concerned)
