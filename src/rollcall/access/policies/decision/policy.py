"""A policy: whom and what it is for, when it holds, and what it does then."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from rollcall.access.policies.decision.conditions import Condition
from rollcall.access.policies.decision.facts import SECOND_FACTORS, Factor, Facts, ResourceType


class Action(enum.StrEnum):
    """What a policy that holds does (JumpCloud v2, AuthnPolicyEffect)."""

    ALLOW = "allow"
    DENY = "deny"


class Default(enum.StrEnum):
    """What becomes of whom no policy speaks of (JumpCloud's *Default Access Policy*)."""

    ALLOW = "allow"
    MFA = "allow_with_mfa"
    MFA_BY_USER = "mfa_by_user"
    DENY = "deny"


DEFAULTS: Mapping[ResourceType, Default] = {
    ResourceType.USER_PORTAL: Default.MFA_BY_USER,
    ResourceType.ADMIN_PORTAL: Default.MFA_BY_USER,
    ResourceType.APPLICATION: Default.ALLOW,
}
"""The defaults where nobody has chosen one: the vendor's."""


@dataclass(frozen=True, slots=True)
class Demand:
    """One of these factors must have been given, no longer ago than `max_age` where one is set."""

    factors: frozenset[Factor] = SECOND_FACTORS
    max_age: timedelta | None = None

    def met(self, facts: Facts) -> bool:
        """Whether it was."""
        given = [at for factor, at in facts.proved.items() if factor in self.factors]
        if not given:
            return False
        return self.max_age is None or facts.at - max(given) <= self.max_age

    def as_json(self) -> dict[str, Any]:
        """The demand for an event."""
        minutes = None if self.max_age is None else int(self.max_age.total_seconds() // 60)
        return {"one_of": sorted(factor.value for factor in self.factors), "minutes": minutes}


@dataclass(frozen=True, slots=True)
class Targets:
    """Whom and what a policy is for. No id of a resource means all of its type."""

    resources: Mapping[ResourceType, frozenset[str]]
    everybody: bool = False
    user_ids: frozenset[str] = frozenset()
    group_ids: frozenset[str] = frozenset()
    not_user_ids: frozenset[str] = frozenset()
    not_group_ids: frozenset[str] = frozenset()

    @property
    def names_somebody(self) -> bool:
        """Whether there is anybody whom it could be for."""
        return self.everybody or bool(self.user_ids or self.group_ids)

    def include(self, facts: Facts) -> bool:
        """Whether it is for this person here; whoever is left out by one group is left out."""
        ids = self.resources.get(facts.resource.type)
        if ids is None or (ids and facts.resource.id not in ids):
            return False
        if facts.user_id in self.not_user_ids or not self.not_group_ids.isdisjoint(facts.group_ids):
            return False
        return (
            self.everybody
            or facts.user_id in self.user_ids
            or not self.group_ids.isdisjoint(facts.group_ids)
        )


@dataclass(frozen=True, slots=True)
class Link:
    """A link beside the words for whoever is refused."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Message:
    """The policy's own words for whoever is refused."""

    text: str
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Policy:
    """One policy that is switched on."""

    id: str
    name: str
    targets: Targets
    condition: Condition
    action: Action
    demand: Demand | None = None
    message: Message | None = None
