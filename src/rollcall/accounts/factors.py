"""What is stored of people's second factors, read for the rules: one person, or many at a time."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from allauth.mfa.models import Authenticator
from django.db.models import Exists, Min, QuerySet, Subquery
from django.db.models.functions import Greatest
from django.utils import timezone

from rollcall.accounts.factor_rules import (
    RECOVERY_CODES,
    TOTP,
    WEBAUTHN,
    Enrolment,
    Person,
    Rules,
    decide,
)
from rollcall.accounts.models import Account
from rollcall.accounts.user_models import FactorGroup, FactorSettings, UserFactors
from rollcall.directory.models import Membership, User

FACTORS: Final = (TOTP, WEBAUTHN, RECOVERY_CODES)
"""In the order in which people are offered them; each is a column of `FactorSettings`."""

OF_USERS: Final = (
    "pk",
    "account__authenticator__type",
    "account__date_joined",
    "factors__required_since",
    "factors__excluded_until",
)


@dataclass(frozen=True, slots=True)
class Known:
    """The rules, with all that is known of one person, and what follows."""

    rules: Rules
    person: Person
    enrolment: Enrolment


def settings() -> FactorSettings:
    """What is set for everybody; the defaults where nothing was ever set."""
    return FactorSettings.objects.first() or FactorSettings()


def rules() -> Rules:
    """The same, for the decision."""
    return rules_of(settings())


def rules_of(row: FactorSettings) -> Rules:
    """What a row of settings says."""
    allowed = frozenset(name for name in FACTORS if getattr(row, name))
    return Rules(allowed, row.enrolment_days, row.required_since)


def of(account: Account) -> Known:
    """What holds for this account now: one statement, and one more where it has no factor.

    Asked at every page of whoever is signed in.
    """
    now = timezone.now()
    row: Any = _with_person(account).first()
    if row is None:  # nothing was ever required of anybody
        rules, person = Rules(), Person(set_up=_set_up(account), joined=account.date_joined)
    else:
        since = [moment for moment in (row.own_since, row.group_since) if moment is not None]
        rules = rules_of(row)
        person = Person(
            set_up=frozenset(name for name in (TOTP, WEBAUTHN) if getattr(row, f"has_{name}")),
            required_since=min(since, default=None),
            joined=account.date_joined,
            excluded_until=row.excluded_until,
            required_of_user=row.own_since is not None,
        )
    return Known(rules, person, decide(rules, person, now))


def of_users(user_ids: Collection[str]) -> Mapping[str, Known]:
    """The same for many users of the directory, with an account or without.

    Two statements, and a third where a group's members need a factor.
    """
    now, row = timezone.now(), _settings_and_groups()
    rules_now = rules_of(row)
    set_up: dict[str, set[str]] = {}
    stored: dict[str, tuple[datetime | None, ...]] = {}
    for user_id, factor, *times in User.objects.filter(pk__in=user_ids).values_list(*OF_USERS):
        stored[user_id] = tuple(times)
        set_up.setdefault(user_id, set()).update([factor] if factor else ())
    members = Membership.objects.filter(user__in=user_ids)
    groups = dict(_by_groups(members)) if getattr(row, "by_group", False) else {}
    known = {}
    for user_id in user_ids:
        joined, required_since, excluded_until = stored.get(user_id, (None, None, None))
        begun = (required_since, groups.get(user_id))
        person = Person(
            frozenset(set_up.get(user_id, ())),
            min((moment for moment in begun if moment is not None), default=None),
            joined,
            excluded_until,
            required_since is not None,
        )
        known[user_id] = Known(rules_now, person, decide(rules_now, person, now))
    return known


def _settings_and_groups() -> FactorSettings:
    rows = FactorSettings.objects.annotate(by_group=Exists(FactorGroup.objects.all()))
    # Whoever requires something of a group makes the row.
    return rows.first() or FactorSettings()


def _with_person(account: Account) -> QuerySet[FactorSettings]:
    """The settings with what is asked of this account's person beside: one row, one statement."""
    user = account.user_id or ""
    own = UserFactors.objects.filter(user=user)
    groups = Membership.objects.filter(user=user, group__factor_rule__isnull=False)
    since = groups.annotate(since=Greatest("group__factor_rule__since", "created"))
    held = Authenticator.objects.filter(user=account.pk)
    return FactorSettings.objects.annotate(
        own_since=Subquery(own.values("required_since")[:1]),
        excluded_until=Subquery(own.values("excluded_until")[:1]),
        group_since=Subquery(since.order_by("since").values("since")[:1]),
        has_totp=Exists(held.filter(type=TOTP)),
        has_webauthn=Exists(held.filter(type=WEBAUTHN)),
    )


def _by_groups(memberships: QuerySet[Membership]) -> QuerySet[Membership, tuple[str, datetime]]:
    """Since when each of these members needs a factor because of a group, by user."""
    ruled = memberships.filter(group__factor_rule__isnull=False)
    return (
        ruled.values("user_id")
        .annotate(since=Min(Greatest("group__factor_rule__since", "created")))
        .values_list("user_id", "since")
    )


def _set_up(account: Account) -> frozenset[str]:
    return frozenset(Authenticator.objects.filter(user=account.pk).values_list("type", flat=True))
