"""Reads a policy in JumpCloud's shape (JumpCloud v2, AuthnPolicy), liberally where clients differ.

One policy may name several resources of several types, which the vendor's may not; its `type` is
then the first one's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from rollcall.access.policies.decision import condition_parsing
from rollcall.access.policies.decision.facts import SECOND_FACTORS, Factor, ResourceType
from rollcall.access.policies.decision.faults import Fault, Malformed
from rollcall.access.policies.decision.policy import (
    Action,
    Demand,
    Link,
    Message,
    Policy,
    Targets,
)
from rollcall.core.labels import is_web_address

MOST_TARGETS: Final = 5000
LONGEST_MESSAGE: Final = 1000
MOST_MINUTES: Final = 60 * 24 * 365
FACTORS: Final = {"TOTP": Factor.TOTP, "WEBAUTHN": Factor.WEBAUTHN}
"""The vendor's words of factors that are here; DURT, PUSH and DUO are not."""


@dataclass(frozen=True, slots=True)
class Document:
    """A policy as it is written and stored: the vendor's JSON."""

    name: str
    description: str = ""
    disabled: bool = False
    type: str = ""
    targets: Mapping[str, Any] = field(default_factory=dict)
    conditions: Mapping[str, Any] = field(default_factory=dict)
    effect: Mapping[str, Any] = field(default_factory=dict)

    @property
    def first_type(self) -> str:
        """Its first resource's type, else its `type`, else the vendor's default."""
        listed = self.targets.get("resources") if isinstance(self.targets, Mapping) else None
        first = listed[0] if isinstance(listed, list) and listed else None
        named = first.get("type") if isinstance(first, Mapping) else None
        return str(named or self.type or ResourceType.USER_PORTAL.value)


def parse(id_: str, document: Document) -> Policy:
    """The policy that this document says.

    Raises:
        Malformed: with the fields and what is wrong in them.
    """
    faults: list[Fault] = []
    targets = condition = effect = None
    try:
        targets = _targets(document)
    except Malformed as error:
        faults += error.faults
    try:
        condition = condition_parsing.parse(document.conditions)
    except Malformed as error:
        faults += error.faults
    try:
        effect = _effect(document.effect)
    except Malformed as error:
        faults += error.faults
    if targets is None or condition is None or effect is None:
        raise Malformed(*faults)
    action, demand, message = effect
    return Policy(id_, document.name, targets, condition, action, demand, message)


def _targets(document: Document) -> Targets:
    given = _object(document.targets, "targets", {"resources", "users", "userGroups"})
    users = _object(given.get("users"), "targets.users", {"inclusions", "exclusions"})
    groups = _object(given.get("userGroups"), "targets.userGroups", {"inclusions", "exclusions"})
    included = _ids(users.get("inclusions"), "targets.users.inclusions")
    # The vendor's server writes ALL, one of its clients all.
    everybody = any(id_.upper() == "ALL" for id_ in included)
    return Targets(
        resources=_resources(given.get("resources"), document.first_type),
        everybody=everybody,
        user_ids=frozenset(id_ for id_ in included if id_.upper() != "ALL"),
        group_ids=_ids(groups.get("inclusions"), "targets.userGroups.inclusions"),
        not_user_ids=_ids(users.get("exclusions"), "targets.users.exclusions"),
        not_group_ids=_ids(groups.get("exclusions"), "targets.userGroups.exclusions"),
    )


def _resources(given: object, type_: str) -> dict[ResourceType, frozenset[str]]:
    listed = given if given not in (None, []) else [{"type": type_}]
    if not isinstance(listed, list) or len(listed) > MOST_TARGETS:
        raise _wrong("targets.resources", f"write a list of at most {MOST_TARGETS}")
    resources: dict[ResourceType, frozenset[str]] = {}
    whole: set[ResourceType] = set()
    for number, each in enumerate(listed):
        place = f"targets.resources.{number}"
        resource = _object(each, place, {"type", "id"})
        kind = _resource_type(resource.get("type"), f"{place}.type")
        id_ = resource.get("id") or ""
        if not isinstance(id_, str) or len(id_) > 64:
            raise _wrong(f"{place}.id", "write an id")
        resources[kind] = resources.get(kind, frozenset()) | ({id_} if id_ else frozenset())
        # A resource without an id is all of its type, whatever else is named.
        whole |= set() if id_ else {kind}
    return {kind: frozenset() if kind in whole else ids for kind, ids in resources.items()}


def _resource_type(given: object, place: str) -> ResourceType:
    try:
        return ResourceType(str(given))
    except ValueError:
        known = ", ".join(ResourceType)
        raise _wrong(place, f"“{str(given)[:20]}” is none of {known}") from None


def _effect(given: object) -> tuple[Action, Demand | None, Message | None]:
    effect = _object(given, "effect", {"action", "obligations", "custom_error_message"})
    try:
        action = Action(str(effect.get("action")))
    except ValueError:
        raise _wrong("effect.action", "write allow or deny") from None
    demand = _demand(effect.get("obligations"))
    message = _message(effect.get("custom_error_message"))
    return action, demand if action is Action.ALLOW else None, message


def _demand(given: object) -> Demand | None:
    place = "effect.obligations"
    obligations = _object(given, place, {"mfa", "mfaFactors", "userVerification"})
    verification = _object(
        obligations.get("userVerification"), f"{place}.userVerification", {"requirement"}
    )
    if verification.get("requirement", "none") not in ("none", "optional"):
        raise _wrong(f"{place}.userVerification", "none or optional: more is not known here")
    mfa = _object(obligations.get("mfa"), f"{place}.mfa", {"required", "maxAgeMinutes"})
    if not isinstance(mfa.get("required", False), bool):
        raise _wrong(f"{place}.mfa.required", "write true or false")
    factors = _factors(obligations.get("mfaFactors"), f"{place}.mfaFactors")
    age = _age(mfa.get("maxAgeMinutes"), f"{place}.mfa.maxAgeMinutes")
    return Demand(factors, age) if mfa.get("required") else None


def _factors(given: object, place: str) -> frozenset[Factor]:
    if given in (None, []):
        return SECOND_FACTORS
    if not isinstance(given, list) or len(given) > 10:
        raise _wrong(place, "write a list of factors")
    types = [str(_object(each, place, {"type"}).get("type")) for each in given]
    for type_ in types:
        if type_ not in FACTORS:
            raise _wrong(place, f"“{type_[:20]}” is none of {', '.join(FACTORS)}")
    return frozenset(FACTORS[type_] for type_ in types)


def _age(given: object, place: str) -> timedelta | None:
    if given is None:
        return None
    if isinstance(given, bool) or not isinstance(given, int) or not 1 <= given <= MOST_MINUTES:
        raise _wrong(place, f"write minutes from 1 to {MOST_MINUTES}")
    return timedelta(minutes=given)


def _message(given: object) -> Message | None:
    place = "effect.custom_error_message"
    message = _object(given, place, {"enabled", "message", "primary_help", "secondary_help"})
    text = message.get("message", "")
    if not isinstance(text, str) or len(text) > LONGEST_MESSAGE:
        raise _wrong(f"{place}.message", f"write at most {LONGEST_MESSAGE} characters")
    links = [
        _link(message.get(name), f"{place}.{name}") for name in ("primary_help", "secondary_help")
    ]
    if not message.get("enabled") or not text:
        return None
    return Message(text, tuple(link for link in links if link))


def _link(given: object, place: str) -> Link | None:
    link = _object(given, place, {"text", "url"})
    url, text = link.get("url") or "", link.get("text") or ""
    if not url:
        return None
    if not isinstance(url, str) or len(url) > 2048 or not is_web_address(url):
        raise _wrong(f"{place}.url", "write a whole address that begins with https:// or http://")
    if not isinstance(text, str) or len(text) > 255:
        raise _wrong(f"{place}.text", "write at most 255 characters")
    return Link(text or url, url)


def _object(given: object, place: str, known: set[str]) -> Mapping[str, Any]:
    """The object there, empty where there is none.

    What is not known here is refused and not dropped: it may have narrowed down whom a policy lets
    in. Only empty values of it pass, which say nothing (the vendor's `userAttributes`).
    """
    if given is None:
        return {}
    if not isinstance(given, dict):
        raise _wrong(place, "write an object")
    for name in given:
        if name not in known and given[name] not in (None, "", [], {}):
            raise _wrong(f"{place}.{name}"[:200], "this is not known here")
    return given


def _ids(given: object, place: str) -> frozenset[str]:
    if given is None:
        return frozenset()
    if not isinstance(given, list) or not all(isinstance(id_, str) for id_ in given):
        raise _wrong(place, "write a list of ids")
    if len(given) > MOST_TARGETS or any(not 0 < len(id_) <= 64 for id_ in given):
        raise _wrong(place, f"at most {MOST_TARGETS} ids")
    return frozenset(given)


def _wrong(place: str, text: str) -> Malformed:
    return Malformed(Fault(place, text))
