"""What becomes of somebody who wants to come in, and why: deny before MFA before allow."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC
from typing import Any, Final, NamedTuple

from rollcall.access.policies.decision.address_lists import AddressList
from rollcall.access.policies.decision.facts import Facts, ResourceType, Truth
from rollcall.access.policies.decision.policy import (
    DEFAULTS,
    Action,
    Default,
    Demand,
    Message,
    Policy,
)

MOST_TOLD: Final = 20
"""How many of the policies that decided an event names, the first of them."""


class Outcome(enum.StrEnum):
    """What is decided, before it is asked which factors have been given."""

    ALLOWED = "allowed"
    ALLOWED_WITH_MFA = "allowed_with_mfa"
    DENIED = "denied"


class Considered(NamedTuple):
    """A policy that is for this person here, and whether its conditions hold."""

    policy: Policy
    holds: Truth


@dataclass(frozen=True, slots=True)
class Explanation:
    """A decision with all that it looked at.

    `considered` are the policies that are for this person here, `deciding` those of them whose
    effect it is; without any, the default of the resource decided.
    """

    facts: Facts
    outcome: Outcome
    demands: tuple[Demand, ...]
    deciding: tuple[Policy, ...]
    considered: tuple[Considered, ...]
    default: Default | None
    lists: Mapping[str, AddressList] = field(repr=False)

    @property
    def missing(self) -> tuple[Demand, ...]:
        """The demands that are not met yet."""
        return tuple(demand for demand in self.demands if not demand.met(self.facts))

    @property
    def admitted(self) -> bool:
        """Whether they may come in with what they have proved."""
        return self.outcome is not Outcome.DENIED and not self.missing

    @property
    def message(self) -> Message | None:
        """The words of the first policy that refuses and has some."""
        return next((policy.message for policy in self.deciding if policy.message), None)

    def as_json(self) -> dict[str, Any]:
        """The decision for an event and for a program: rules, values and time."""
        return {
            "outcome": self.outcome.value,
            "admitted": self.admitted,
            "at": self.facts.at.astimezone(UTC).isoformat(),
            "default": self.default.value if self.default else None,
            "rules": [self._rule(policy) for policy in self.deciding[:MOST_TOLD]],
            "demands": [demand.as_json() for demand in self.demands],
            "missing": [demand.as_json() for demand in self.missing],
            "considered": len(self.considered),
            "facts": self.facts.as_json(),
        }

    def _rule(self, policy: Policy) -> dict[str, Any]:
        return {
            "id": policy.id,
            "name": policy.name,
            "action": policy.action.value,
            "conditions": policy.condition.trace(self.facts, self.lists),
        }


class Rulebook:
    """All that decides: the policies that are on, the IP lists, and each resource's default."""

    def __init__(
        self,
        policies: Iterable[Policy],
        lists: Iterable[AddressList] = (),
        defaults: Mapping[ResourceType, Default] | None = None,
    ) -> None:
        self.policies = tuple(policies)
        self.lists = {each.id: each for each in lists}
        self.defaults = {**DEFAULTS, **(defaults or {})}
        # Of many policies most are for another door.
        self._of_type = {
            type_: tuple(policy for policy in self.policies if type_ in policy.targets.resources)
            for type_ in ResourceType
        }

    def decides_about(self, type_: ResourceType) -> bool:
        """Whether anybody could be refused there, or asked for more."""
        return bool(self._of_type[type_]) or self.defaults[type_] is not Default.ALLOW

    def decide(self, facts: Facts) -> Explanation:
        """What becomes of whoever these facts are of.

        A policy holds where its conditions do; one that is not known to hold is as one that does
        not. Of several, deny decides before MFA and MFA before allow; every demand of those that
        ask for MFA must be met.
        """
        considered = tuple(
            Considered(policy, policy.condition.truth(facts, self.lists))
            for policy in self._of_type[facts.resource.type]
            if policy.targets.include(facts)
        )
        holding = [each.policy for each in considered if each.holds]
        outcome, deciding, demands, default = self._decided(facts, holding)
        return Explanation(
            facts, outcome, demands, tuple(deciding), considered, default, self.lists
        )

    def _decided(
        self, facts: Facts, holding: list[Policy]
    ) -> tuple[Outcome, list[Policy], tuple[Demand, ...], Default | None]:
        if not holding:
            outcome, demands = _by_default(self.defaults[facts.resource.type], facts)
            return outcome, [], demands, self.defaults[facts.resource.type]
        if denying := [policy for policy in holding if policy.action is Action.DENY]:
            return Outcome.DENIED, denying, (), None
        if asking := [policy for policy in holding if policy.demand]:
            # Two policies that ask for the same make one demand.
            demands = tuple(dict.fromkeys(policy.demand for policy in asking if policy.demand))
            return Outcome.ALLOWED_WITH_MFA, asking, demands, None
        return Outcome.ALLOWED, holding, (), None


def _by_default(default: Default, facts: Facts) -> tuple[Outcome, tuple[Demand, ...]]:
    if default is Default.DENY:
        return Outcome.DENIED, ()
    by_user = default is Default.MFA_BY_USER and facts.mfa_configured
    if default is Default.MFA or by_user:
        return Outcome.ALLOWED_WITH_MFA, (Demand(),)
    return Outcome.ALLOWED, ()
