"""The rules for second factors as conditions on the database, for lists of users.

The same as `factor_rules.decide`, said in SQL: a test holds the two against each other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from allauth.mfa.models import Authenticator
from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Greatest
from django.utils import timezone

from rollcall.accounts import factors
from rollcall.accounts.factor_rules import SECOND_FACTORS, TOTP, Rules, Status
from rollcall.directory.models import Membership, User

NEVER: Final = Q(pk__in=[])
NAMES: Final = frozenset(
    {"has_totp", "has_factor", "factor_required_of_user", "in_enrolment", "factor_status"}
)
EXCLUDED: Final = "factors__excluded_until"
SINCE: Final = "since__lte"


def findable(users: QuerySet[User]) -> QuerySet[User]:
    """The same users, who can be asked for by what follows from the rules for them.

    `has_totp`, `has_factor`, `factor_required_of_user`, `in_enrolment` and `factor_status`; what is
    not asked for costs nothing.
    """
    now, rules = timezone.now(), factors.rules()
    held = Authenticator.objects.filter(user__user=OuterRef("pk"))
    has_factor = Exists(held.filter(type__in=rules.allowed & SECOND_FACTORS))
    in_enrolment = _truth(_in_enrolment(rules, now), unless=Q(has_factor))
    return users.alias(
        has_totp=Exists(held.filter(type=TOTP)),
        has_factor=has_factor,
        factor_required_of_user=_truth(Q(factors__required_since__isnull=False)),
        in_enrolment=in_enrolment,
        factor_status=Case(
            When(has_factor, then=Value(Status.ENROLLED.value)),
            When(Q(in_enrolment=True), then=Value(Status.IN_ENROLLMENT.value)),
            When(_required(rules), then=Value(Status.ENROLLMENT_EXPIRED.value)),
            default=Value(Status.NOT_ENROLLED.value),
            output_field=CharField(),
        ),
    )


def fitting(condition: Q, order: Sequence[str]) -> QuerySet[User]:
    """The users of this condition, in this order.

    The rules are read only where one of the two asks for what follows from them.
    """
    asked = {name.lstrip("-") for name in order} | set(_columns(condition))
    users = User.objects.get_queryset()
    return (findable(users) if asked & NAMES else users).filter(condition).order_by(*order)


def _columns(condition: Q) -> Iterator[str]:
    for part in condition.children:
        if isinstance(part, Q):
            yield from _columns(part)
        elif isinstance(part, tuple):
            yield part[0].partition("__")[0]


def _in_enrolment(rules: Rules, now: datetime) -> Q:
    """That the period has not ended, of users who have no factor."""
    required = _required(rules)
    # A period that was given before any of the rules began says nothing about them.
    explicit = Q((f"{EXCLUDED}__isnull", False)) & (~required | _begun_before_its_end(rules))
    cut = now - timedelta(days=rules.enrolment_days)
    young = ~_begun_by(rules, cut) | Q(account__date_joined__gt=cut)
    given = explicit & Q((f"{EXCLUDED}__gt", now))
    return given | (~explicit & required & young)


def _required(rules: Rules) -> Q:
    if rules.everybody_since is not None:
        return ~NEVER
    return Q(factors__required_since__isnull=False) | Q(Exists(_groups()))


def _begun_by(rules: Rules, moment: datetime) -> Q:
    """That a rule for the user had begun by then."""
    if rules.everybody_since is not None and rules.everybody_since <= moment:
        return ~NEVER
    by_group = Q(Exists(_groups().filter(**{SINCE: moment})))
    return by_group | Q(factors__required_since__isnull=False, factors__required_since__lte=moment)


def _begun_before_its_end(rules: Rules) -> Q:
    """That a rule for the user had begun by the end of the period that they were given."""
    begun = Q(Exists(_groups().filter(**{SINCE: OuterRef(EXCLUDED)})))
    begun |= Q(factors__required_since__isnull=False, factors__required_since__lte=F(EXCLUDED))
    if rules.everybody_since is not None:
        begun |= Q((f"{EXCLUDED}__gte", rules.everybody_since))
    return begun


def _groups() -> QuerySet[Membership]:
    members = Membership.objects.filter(user=OuterRef("pk"), group__factor_rule__isnull=False)
    return members.annotate(since=Greatest("group__factor_rule__since", "created"))


def _truth(condition: Q, unless: Q = NEVER) -> Case:
    # Never NULL, so that "is not so" finds those of whom nothing is known.
    cases: list[Any] = [When(unless, then=Value(False))] if unless is not NEVER else []
    return Case(
        *cases,
        When(condition, then=Value(True)),
        default=Value(False),
        output_field=BooleanField(),
    )
