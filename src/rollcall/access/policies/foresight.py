"""What a change would have done: to the last 30 days' sign-ins, and to the administrators."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.utils import timezone

from rollcall.access.policies import books, countries, gathering
from rollcall.access.policies.decision.deciding import Rulebook
from rollcall.access.policies.decision.facts import Facts, Resource, ResourceType
from rollcall.access.policies.decision.impact import Impact, impact, shuts_out
from rollcall.access.policies.decision.parsing import Document
from rollcall.access.policies.models import AccessPolicy, BreakGlass, IpList
from rollcall.accounts.models import Account, Role

MOST_PLACES: Final = 20
"""From how many of the places that they last came from it is asked whether somebody can come in."""


@dataclass(frozen=True, slots=True)
class Foresight:
    """What is foreseen of a change; `shuts_out_everyone` of the administrators."""

    impact: Impact
    shuts_out_everyone: bool

    @property
    def is_grave(self) -> bool:
        """Whether it must be confirmed."""
        most = settings.POLICY_CONFIRM_PERCENT / 100
        return self.shuts_out_everyone or self.impact.share_shut_out > most

    def as_json(self) -> dict[str, Any]:
        """What is foreseen, for a program."""
        return {**self.impact.as_json(), "must_be_confirmed": list(self.reasons())}

    def reasons(self) -> tuple[str, ...]:
        """Why it must be confirmed, in sentences."""
        reasons = []
        if self.shuts_out_everyone:
            reasons.append("no administrator could sign in to the admin portal any more")
        if self.impact.share_shut_out > settings.POLICY_CONFIRM_PERCENT / 100:
            outside = len({*self.impact.denied, *self.impact.unable})
            reasons.append(
                f"of the {self.impact.people} people who signed in during the last 30 days, "
                f"{outside} would have been kept out"
            )
        return tuple(reasons)


def foresee(before: Rulebook, after: Rulebook, address: str) -> Foresight:
    """What `after` would have done and `before` does not.

    `address` is where the administrator who makes the change sits: of an administrator whose
    sign-ins are not on record it is taken that they come from there.
    """
    now = timezone.now()
    past = list(gathering.past_sign_ins(now))
    return Foresight(
        impact(before, after, past), _shuts_out_administrators(after, past, address, now)
    )


def of_policy(document: Document, replaced: str = "", address: str = "") -> Foresight:
    """What this policy would have done, beside the others, or in the place of the one `replaced`.

    Raises:
        Malformed: it cannot be kept as it is.
    """
    before, after = rulebooks(document, replaced)
    return foresee(before, after, address)


def of_deletion(id_: str, address: str = "") -> Foresight:
    """What would have become of the sign-ins without this policy."""
    policies = AccessPolicy.objects.exclude(pk=id_)
    after = books.compiled(policies, IpList.objects.all(), books.defaults())
    return foresee(books.read(), after, address)


def rulebooks(document: Document, replaced: str = "") -> tuple[Rulebook, Rulebook]:
    """What decides now, and what would decide with this policy.

    Raises:
        Malformed: it cannot be kept as it is.
    """
    others = list(AccessPolicy.objects.exclude(pk=replaced))
    fields = {name: getattr(document, name) for name in Document.__dataclass_fields__}
    policies = [*others, AccessPolicy(**{**fields, "type": document.first_type})]
    after = books.compiled(policies, IpList.objects.all(), books.defaults())
    return books.read(), after


def _shuts_out_administrators(
    after: Rulebook, past: Sequence[Facts], address: str, now: datetime
) -> bool:
    # Whoever is suspended or locked is no way in, whatever the policies say.
    accounts = list(Account.objects.with_role(Role.ADMINISTRATOR).admitted())
    if not accounts or BreakGlass.objects.filter(account__in=accounts).exists():
        return False
    factors = gathering.factors_of([account.pk for account in accounts])
    candidates = []
    for account in accounts:
        can_prove = dict.fromkeys(factors.get(account.pk, frozenset()), now)
        today = Facts(
            user_id=account.user_id or "",
            account_id=str(account.pk),
            group_ids=gathering.groups_of(account.user_id or ""),
            resource=Resource(ResourceType.ADMIN_PORTAL),
            at=now,
            address=address,
            country=countries.of(address),
            mfa_configured=not gathering.CONFIGURED.isdisjoint(can_prove),
            proved=can_prove,
        )
        known = [facts for facts in past if facts.account_id == str(account.pk)][:MOST_PLACES]
        # Where they came from, as who they are today.
        places = [
            replace(today, address=facts.address, country=facts.country, device=facts.device)
            for facts in known
        ]
        candidates.append(places or [today])
    return shuts_out(after, candidates)
