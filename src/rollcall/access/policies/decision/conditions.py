"""Conditions as a tree, in three values: what is not known never counts as true.

A leaf that asks for a fact that nobody knows is neither true nor false, and what is around it
follows Kleene: `not` leaves the unknown unknown, `all` is false as soon as one part is, `any` true
as soon as one part is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import time, timedelta
from operator import attrgetter
from typing import Any, Final, Protocol
from zoneinfo import ZoneInfo

from rollcall.access.policies.decision.address_lists import AddressList
from rollcall.access.policies.decision.facts import Facts, Truth
from rollcall.access.policies.decision.versions import compared, has_version
from rollcall.core.expressions import Expression

Lists = Mapping[str, AddressList]
"""The IP lists there are, by id."""


class Condition(Protocol):
    """One node of the tree."""

    @property
    def name(self) -> str:
        """What it is called in the vendor's JSON, or ours."""

    def truth(self, facts: Facts, lists: Lists) -> Truth:
        """Whether it holds."""

    def trace(self, facts: Facts, lists: Lists) -> dict[str, Any]:
        """Whether it holds, with what was asked and the value that was there."""


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part holds; without parts, always."""

    parts: tuple[Condition, ...]
    name: str = "all"

    def truth(self, facts: Facts, lists: Lists) -> Truth:
        """False as soon as one part is, else unknown as soon as one part is."""
        known = True
        for part in self.parts:
            truth = part.truth(facts, lists)
            if truth is False:
                return False
            known = known and truth is not None
        return True if known else None

    def trace(self, facts: Facts, lists: Lists) -> dict[str, Any]:
        """The answer, and those of the parts."""
        return _traced(self, self.parts, facts, lists)


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One part holds; without parts, never."""

    parts: tuple[Condition, ...]
    name: str = "any"

    def truth(self, facts: Facts, lists: Lists) -> Truth:
        """True as soon as one part is, else unknown as soon as one part is."""
        known = True
        for part in self.parts:
            truth = part.truth(facts, lists)
            if truth:
                return True
            known = known and truth is not None
        return False if known else None

    def trace(self, facts: Facts, lists: Lists) -> dict[str, Any]:
        """The answer, and those of the parts."""
        return _traced(self, self.parts, facts, lists)


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold; what is not known of it is not known of this either."""

    part: Condition
    name: str = "not"

    def truth(self, facts: Facts, lists: Lists) -> Truth:
        """The opposite of what is known."""
        truth = self.part.truth(facts, lists)
        return None if truth is None else not truth

    def trace(self, facts: Facts, lists: Lists) -> dict[str, Any]:
        """The answer, and that of the part."""
        return _traced(self, (self.part,), facts, lists)


@dataclass(frozen=True, slots=True)
class AddressIn:
    """The client's address is in one of these IP lists; a list that is gone is unknown."""

    list_ids: tuple[str, ...]
    name: str = "ipAddressIn"

    def truth(self, facts: Facts, lists: Lists) -> Truth:
        """Whether one of the lists holds the address."""
        if facts.ip is None:
            return None
        known = True
        for id_ in self.list_ids:
            addresses = lists.get(id_)
            if addresses is None:
                known = False
            elif addresses.holds(facts.ip):
                return True
        return False if known else None

    def trace(self, facts: Facts, lists: Lists) -> dict[str, Any]:
        """The address, and the lists by name."""
        asked = [lists[id_].name if id_ in lists else id_ for id_ in self.list_ids]
        return _leaf(self, facts, lists, asked, facts.address or None)


@dataclass(frozen=True, slots=True)
class CountryIn:
    """The client is in one of these countries (ISO 3166, two capitals)."""

    countries: frozenset[str]
    name: str = "locationIn"

    def truth(self, facts: Facts, lists: Lists) -> Truth:
        """Whether the country is one of them."""
        return None if facts.country is None else facts.country in self.countries

    def trace(self, facts: Facts, lists: Lists) -> dict[str, Any]:
        """The country."""
        return _leaf(self, facts, lists, sorted(self.countries), facts.country)


READERS: Final[Mapping[str, Callable[[Facts], Truth]]] = {
    "deviceManaged": attrgetter("device.managed"),
    "deviceEncrypted": attrgetter("device.encrypted"),
    "mfaConfigured": attrgetter("mfa_configured"),
}
"""The facts that are yes or no, by the condition that asks for them."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact that is yes or no is the one that is asked for: `deviceManaged` and its like."""

    name: str
    wanted: bool

    def truth(self, facts: Facts, lists: Lists) -> Truth:
        """Whether it is."""
        value = READERS[self.name](facts)
        return None if value is None else value is self.wanted

    def trace(self, facts: Facts, lists: Lists) -> dict[str, Any]:
        """The fact."""
        return _leaf(self, facts, lists, self.wanted, READERS[self.name](facts))


@dataclass(frozen=True, slots=True)
class OperatingSystem:
    """The device runs one of these systems."""

    systems: frozenset[str]
    name: str = "operatingSystem"

    def truth(self, facts: Facts, lists: Lists) -> Truth:
        """Whether it does."""
        system = facts.device.operating_system
        return None if system is None else system in self.systems

    def trace(self, facts: Facts, lists: Lists) -> dict[str, Any]:
        """The system."""
        return _leaf(self, facts, lists, sorted(self.systems), facts.device.operating_system)


@dataclass(frozen=True, slots=True)
class OsVersion:
    """The device runs this system, in a version between these two; "" sets no bound."""

    system: str
    at_least: str
    at_most: str
    name: str = "osVersion"

    def truth(self, facts: Facts, lists: Lists) -> Truth:
        """False on another system, whatever the version."""
        device = facts.device
        if device.operating_system is None:
            return None
        if device.operating_system != self.system:
            return False
        if device.os_version is None or not has_version(device.os_version):
            return None
        low = not self.at_least or compared(device.os_version, self.at_least) >= 0
        return low and (not self.at_most or compared(device.os_version, self.at_most) <= 0)

    def trace(self, facts: Facts, lists: Lists) -> dict[str, Any]:
        """The system and its version."""
        asked = {"operatingSystem": self.system, "atLeast": self.at_least, "atMost": self.at_most}
        device = facts.device
        known = (
            f"{device.operating_system} {device.os_version}" if device.operating_system else None
        )
        return _leaf(self, facts, lists, asked, known)


@dataclass(frozen=True, slots=True)
class Hours:
    """The time there is on one of these days (Monday is 0) between the two times.

    `until` itself is outside. Where it is not after `start`, the span goes over midnight and counts
    to the day on which it began.
    """

    days: frozenset[int]
    start: time
    until: time
    zone: ZoneInfo
    name: str = "time"

    def truth(self, facts: Facts, lists: Lists) -> Truth:
        """Whether it is."""
        local = facts.there(self.zone)
        now = local.time()
        if self.start < self.until:
            return local.weekday() in self.days and self.start <= now < self.until
        if now >= self.start:
            return local.weekday() in self.days
        return now < self.until and (local - timedelta(days=1)).weekday() in self.days

    def trace(self, facts: Facts, lists: Lists) -> dict[str, Any]:
        """The time in the zone."""
        asked = {
            "days": sorted(self.days),
            "from": self.start.isoformat("minutes"),
            "until": self.until.isoformat("minutes"),
            "zone": self.zone.key,
        }
        there = facts.there(self.zone).isoformat(timespec="minutes")
        return _leaf(self, facts, lists, asked, there)


@dataclass(frozen=True, slots=True)
class Expressed:
    """A CEL expression holds."""

    expression: Expression
    name: str = "expression"

    def truth(self, facts: Facts, lists: Lists) -> Truth:
        """What it says; unknown where it needs what is not known."""
        return self.expression.evaluate(facts.named)

    def trace(self, facts: Facts, lists: Lists) -> dict[str, Any]:
        """The expression; the values are the decision's own."""
        return _leaf(self, facts, lists, self.expression.text, None)


def _traced(
    node: Condition, parts: Sequence[Condition], facts: Facts, lists: Lists
) -> dict[str, Any]:
    traces = [part.trace(facts, lists) for part in parts]
    return {"condition": node.name, "holds": node.truth(facts, lists), "parts": traces}


def _leaf(node: Condition, facts: Facts, lists: Lists, asked: Any, value: Any) -> dict[str, Any]:
    holds = node.truth(facts, lists)
    return {"condition": node.name, "holds": holds, "asked": asked, "value": value}
