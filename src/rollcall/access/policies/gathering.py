"""Gathers the facts that a decision looks at: who somebody is, and what they can prove."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final

from allauth.mfa.models import Authenticator

from rollcall.access.policies.decision.facts import (
    Factor,
    Facts,
    Resource,
    ResourceType,
    from_json,
)
from rollcall.accounts import admission
from rollcall.accounts.admission import SignIn
from rollcall.audit.actions import Action
from rollcall.audit.models import Event
from rollcall.directory.models import Membership

REMEMBERED: Final = timedelta(days=30)
MOST_SIGN_INS: Final = 5000
"""How many of the newest sign-ins a change is held against."""

CONFIGURED: Final = frozenset({Factor.TOTP, Factor.WEBAUTHN})
"""Factors that somebody sets up; recovery codes come with them."""


def at_sign_in(sign_in: SignIn, now: datetime) -> Facts:
    """The facts of somebody who is signing in: two statements at most.

    Whoever has a role comes into the admin portal, everybody else into the user portal.
    """
    type_ = ResourceType.ADMIN_PORTAL if sign_in.roles else ResourceType.USER_PORTAL
    proved = {Factor(method) for method in sign_in.methods if method in set(Factor)}
    if admission.Factor.PASSWORD in sign_in.proved:
        proved.add(Factor.PASSWORD)
    factors = factors_of([sign_in.account_id]).get(sign_in.account_id, frozenset())
    return Facts(
        user_id=sign_in.user_id,
        account_id=str(sign_in.account_id),
        group_ids=groups_of(sign_in.user_id),
        resource=Resource(type_),
        at=now,
        address=sign_in.address,
        mfa_configured=not CONFIGURED.isdisjoint(factors),
        proved=dict.fromkeys(proved, now),
    )


def groups_of(user_id: str) -> frozenset[str]:
    """The ids of the groups that a user is in."""
    if not user_id:
        return frozenset()
    return frozenset(Membership.objects.filter(user=user_id).values_list("group_id", flat=True))


def factors_of(account_ids: Collection[int]) -> Mapping[int, frozenset[Factor]]:
    """The second factors that each of these accounts has set up, in one statement."""
    rows = Authenticator.objects.filter(user__in=account_ids).values_list("user_id", "type")
    factors: dict[int, frozenset[Factor]] = {}
    for account_id, type_ in rows:
        if type_ in set(Factor):
            factors[account_id] = factors.get(account_id, frozenset()) | {Factor(type_)}
    return factors


def past_sign_ins(now: datetime) -> Iterator[Facts]:
    """The facts of the newest sign-ins of the last 30 days, let in or not, the newest first.

    Sign-ins from before there were policies hold no facts, and are left out.
    """
    events = Event.objects.filter(
        action__in=[Action.ACCOUNT_SIGN_IN, Action.ACCOUNT_SIGN_IN_REFUSED],
        timestamp__gt=now - REMEMBERED,
    ).order_by("-timestamp", "-pk")
    for details in events.values_list("details", flat=True)[:MOST_SIGN_INS].iterator(500):
        context = details.get("auth_context")
        stored = context.get("decision") if isinstance(context, dict) else None
        if isinstance(stored, dict) and (facts := from_json(stored.get("facts") or {})):
            yield facts
