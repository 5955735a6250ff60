"""The only writer of what holds for second factors: for everybody, for groups, and for users."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from rollcall.accounts import factors
from rollcall.accounts.user_models import FactorGroup, FactorSettings, UserFactors
from rollcall.audit import recording
from rollcall.audit.actions import Action
from rollcall.audit.actor import Actor
from rollcall.audit.recording import Entry, Target, record_many
from rollcall.directory.models import User, UserGroup


@dataclass(frozen=True, slots=True)
class FactorRules:
    """What an administrator sets: the factors, the period in days, and of whom one is required."""

    allowed: frozenset[str]
    passkey_sign_in: bool
    enrolment_days: int
    everybody: bool
    groups: frozenset[str]


def current() -> FactorRules:
    """What is set now."""
    row = factors.settings()
    return FactorRules(
        allowed=factors.rules_of(row).allowed,
        passkey_sign_in=row.passkey_sign_in,
        enrolment_days=row.enrolment_days,
        everybody=row.required_since is not None,
        groups=frozenset(FactorGroup.objects.values_list("group_id", flat=True)),
    )


@transaction.atomic
def save(actor: Actor, wanted: FactorRules) -> None:
    """Let this hold from now on. A rule that was there keeps the time when it began.

    Raises:
        IntegrityError: no second factor would be allowed, or the period is too long.
    """
    row = _held_settings()
    before = current()
    if wanted == before:
        return
    for name in factors.FACTORS:
        setattr(row, name, name in wanted.allowed)
    row.passkey_sign_in = wanted.passkey_sign_in
    row.enrolment_days = wanted.enrolment_days
    if wanted.everybody != before.everybody:
        row.required_since = timezone.now() if wanted.everybody else None
    row.save()
    FactorGroup.objects.exclude(group__in=wanted.groups).delete()
    new = UserGroup.objects.filter(pk__in=wanted.groups - before.groups)
    FactorGroup.objects.bulk_create(FactorGroup(group=group) for group in new)
    target = Target("settings", name="mfa")
    recording.record(
        actor, Action.SETTINGS_MFA_SAVE, target, before=_told(before), after=_told(wanted)
    )


@transaction.atomic
def require_of(actor: Actor, user_ids: Collection[str], required: bool) -> int:
    """Require a second factor of these users, or no longer; of how many that is a change."""
    _held_settings()
    users = User.objects.filter(pk__in=user_ids)
    having = users.filter(factors__required_since__isnull=False)
    concerned = list(users.exclude(pk__in=having.values("pk")) if required else having)
    since = timezone.now() if required else None
    rows = [UserFactors(user=user, required_since=since) for user in concerned]
    _upsert(rows, "required_since")
    entries = [
        Entry(_target(user), {"required": not required}, {"required": required})
        for user in concerned
    ]
    if entries:
        record_many(actor, Action.USER_FACTOR_REQUIRE, entries)
    return len(concerned)


def set_period(users: Collection[User], until: datetime) -> None:
    """Let these users do without a second factor until then, and no longer.

    For `user_accounts.reset_factors`, which records it.
    """
    _held_settings()
    _upsert([UserFactors(user=user, excluded_until=until) for user in users], "excluded_until")


def hold() -> FactorRules:
    """What is set now, which stays so until the caller's transaction ends."""
    _held_settings()
    return current()


def new_period() -> datetime:
    """The end of an enrolment period that begins now."""
    return timezone.now() + timedelta(days=factors.settings().enrolment_days)


def _held_settings() -> FactorSettings:
    """The row of settings, which is there from now on; it stays so until the transaction ends."""
    FactorSettings.objects.get_or_create(pk=1)
    return FactorSettings.objects.select_for_update().get(pk=1)


def _upsert(rows: Sequence[UserFactors], field: str) -> None:
    UserFactors.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["user"], update_fields=[field]
    )


def _target(user: User) -> Target:
    return Target("user", user.pk, user.email)


def _told(rules: FactorRules) -> dict[str, Any]:
    names = UserGroup.objects.filter(pk__in=rules.groups).order_by("name")
    return {
        "factors": sorted(rules.allowed),
        "passkey_sign_in": rules.passkey_sign_in,
        "enrolment_days": rules.enrolment_days,
        "everybody": rules.everybody,
        "groups": list(names.values_list("name", flat=True)),
    }
