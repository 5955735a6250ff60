"""Gathers the facts that a decision looks at: who somebody is, and what they can prove."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from allauth.mfa.models import Authenticator

from rollcall.access.policies import countries
from rollcall.access.policies.decision.facts import (
    UNKNOWN_DEVICE,
    Device,
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

DECIDED: Final = (
    Action.ACCOUNT_SIGN_IN,
    Action.ACCOUNT_SIGN_IN_REFUSED,
    Action.SSO_SIGN_ON,
    Action.SSO_REFUSED,
)
"""The actions whose events keep a decision."""

CONFIGURED: Final = frozenset({Factor.TOTP, Factor.WEBAUTHN})
"""Factors that somebody sets up; recovery codes come with them."""


def at_sign_in(sign_in: SignIn, now: datetime) -> Facts:
    """The facts of somebody who is signing in; what they have proved, they prove just now.

    Whoever has a role comes into the admin portal, everybody else into the user portal.
    """
    type_ = ResourceType.ADMIN_PORTAL if sign_in.roles else ResourceType.USER_PORTAL
    proved = {Factor(method) for method in sign_in.methods if method in set(Factor)}
    if admission.Factor.PASSWORD in sign_in.proved:
        proved.add(Factor.PASSWORD)
    who = Who(sign_in.account_id, sign_in.user_id)
    return of(who, Resource(type_), now, address=sign_in.address, proved=dict.fromkeys(proved, now))


@dataclass(frozen=True, slots=True)
class Who:
    """An account and the directory user whose it is; either may be missing (None, "")."""

    account_id: int | None
    user_id: str


def of(
    who: Who,
    resource: Resource,
    now: datetime,
    *,
    address: str = "",
    country: str | None = None,
    device: Device = UNKNOWN_DEVICE,
    proved: Mapping[Factor, datetime] | None = None,
) -> Facts:
    """The facts of somebody who wants to come in there: two statements at most.

    A country that is not said is looked up by the address. `proved_by` gives what somebody has
    proved in a session, and when.
    """
    accounts = [] if who.account_id is None else [who.account_id]
    configured = frozenset[Factor]().union(*factors_of(accounts).values())
    return Facts(
        user_id=who.user_id,
        account_id="" if who.account_id is None else str(who.account_id),
        group_ids=groups_of(who.user_id),
        resource=resource,
        at=now,
        address=address,
        country=country or countries.of(address),
        device=device,
        mfa_configured=not CONFIGURED.isdisjoint(configured),
        proved=dict(proved or {}),
    )


def proved_by(records: Iterable[Mapping[str, Any]]) -> dict[Factor, datetime]:
    """What allauth's records of a session say was proved, each with the last time of it."""
    proved: dict[Factor, datetime] = {}
    for record in records:
        name = str(record.get("type") or record.get("method"))
        if name in set(Factor):
            at = datetime.fromtimestamp(float(record["at"]), UTC)
            factor = Factor(name)
            proved[factor] = max(at, proved.get(factor, at))
    return proved


def groups_of(user_id: str) -> frozenset[str]:
    """The ids of the groups that a user is in."""
    if not user_id:
        return frozenset()
    return frozenset(Membership.objects.filter(user=user_id).values_list("group_id", flat=True))


def factors_of(account_ids: Collection[int]) -> Mapping[int, frozenset[Factor]]:
    """The second factors that each of these accounts has set up, in one statement."""
    if not account_ids:
        return {}
    rows = Authenticator.objects.filter(user__in=account_ids).values_list("user_id", "type")
    factors: dict[int, frozenset[Factor]] = {}
    for account_id, type_ in rows:
        if type_ in set(Factor):
            factors[account_id] = factors.get(account_id, frozenset()) | {Factor(type_)}
    return factors


def past_sign_ins(now: datetime) -> Iterator[Facts]:
    """The facts of the newest sign-ins and sign-ons of the last 30 days, let in or not.

    Sign-ins from before there were policies hold no facts, and are left out. A country that was not
    known then is looked up now, as it will be when they come again.
    """
    events = Event.objects.filter(
        action__in=DECIDED,
        timestamp__gt=now - REMEMBERED,
    ).order_by("-timestamp", "-pk")
    for details in events.values_list("details", flat=True)[:MOST_SIGN_INS].iterator(500):
        context = details.get("auth_context")
        stored = context.get("decision") if isinstance(context, dict) else None
        if isinstance(stored, dict) and (facts := from_json(stored.get("facts") or {})):
            yield facts if facts.country else replace(facts, country=countries.of(facts.address))
