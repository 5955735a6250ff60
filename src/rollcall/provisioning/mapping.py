"""The attribute mapping: which of the source's attributes fills which field of the user."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from typing import Final

from rollcall.core.user_fields import ATTRIBUTE_PREFIX, MAX_ATTRIBUTE_LENGTH, MAX_LENGTH
from rollcall.provisioning.employee import ATTRIBUTES


class MappingError(ValueError):
    """The mapping cannot be used; the message names the rule, what is wrong and what would do."""


SOURCES: Final = tuple(name for name in ATTRIBUTES if name != "last_modified")
"""The source's keys that a mapping may read, besides custom ones such as `dynamic_612345`."""

TEXT_TARGETS: Final = tuple(name for name in MAX_LENGTH if name not in ("username", "email"))
"""The directory's fields that take any text; custom attributes are `attributes.<name>`."""

ALWAYS_NEEDED: Final = ("email", "status", "hire_date")
"""The source's keys that are asked for whatever the mapping says."""

_CUSTOM_SOURCE = re.compile(r"dynamic_[0-9]+")
_CUSTOM_TARGET = re.compile(re.escape(ATTRIBUTE_PREFIX) + r"[A-Za-z0-9]+")


@dataclass(frozen=True, slots=True)
class MappingRule:
    """One line of a mapping: the source's key and the directory's field that it fills.

    Raises:
        MappingError: there is no such key or field, or the two do not go together.
    """

    source: str
    target: str

    def __post_init__(self) -> None:
        # The vendor's keys of custom attributes are nowhere listed: only their form can be looked
        # at.
        if self.source not in SOURCES and not _CUSTOM_SOURCE.fullmatch(self.source):
            raise MappingError(
                f"source: employees have no attribute {self.source!r}; "
                f"use one of {', '.join(SOURCES)} or a custom one such as dynamic_612345"
            )
        _check_target(self.source, self.target)


def _check_target(source: str, target: str) -> None:
    # These two are decided by rules of their own; as texts they would pass those by.
    partners = {"status": "state", "supervisor": "manager"}
    if source in partners or target in partners.values():
        if partners.get(source) != target:
            raise MappingError(
                f"target: {source!r} cannot fill {target!r}; "
                "status fills state and supervisor fills manager, and nothing else does"
            )
    elif target == "username":
        raise MappingError(
            "target: 'username' comes from the e-mail when a user is made and is never changed"
        )
    elif target not in MAX_LENGTH and not _CUSTOM_TARGET.fullmatch(target):
        raise MappingError(
            f"target: the directory has no field {target!r}; use one of email, "
            f"{', '.join(TEXT_TARGETS)}, state, manager or attributes.<name> (letters and digits)"
        )


@dataclass(frozen=True, slots=True)
class AttributeMapping:
    """All rules of an import; each field of the user is filled by one attribute at the most.

    Raises:
        MappingError: two rules fill one field, or none fills the e-mail or the state.
    """

    rules: tuple[MappingRule, ...]

    def __post_init__(self) -> None:
        filled: dict[str, str] = {}
        for rule in self.rules:
            if rule.target in filled:
                raise MappingError(
                    f"target: {rule.target!r} is filled by both "
                    f"{filled[rule.target]!r} and {rule.source!r}; keep one"
                )
            filled[rule.target] = rule.source
        for target, source in (("email", "email"), ("state", "status")):
            if target not in filled:
                raise MappingError(
                    f"target: nothing fills {target!r}; an import needs it, map {source!r} to it"
                )

    def needed_attributes(self) -> tuple[str, ...]:
        """The source's keys to ask for: what the rules read, and what every import needs."""
        wanted = {rule.source for rule in self.rules} | set(ALWAYS_NEEDED)
        # In one order, so that one mapping always sends the same request.
        custom = sorted(wanted - set(SOURCES))
        return (*(key for key in SOURCES if key in wanted and key != "id"), *custom)

    def version(self) -> str:
        """A short hash that is the same for the same rules, in whatever order they are written."""
        # Not Python's hash, which is another one in every process.
        pairs = sorted((rule.source, rule.target) for rule in self.rules)
        return hashlib.sha256(json.dumps(pairs).encode()).hexdigest()[:12]

    def source_of(self, target: str) -> str | None:
        """The source's key that fills this field; None where nothing does."""
        return next((rule.source for rule in self.rules if rule.target == target), None)


def limit_of(target: str) -> int:
    """How many characters the directory takes in this field."""
    return MAX_LENGTH.get(target, MAX_ATTRIBUTE_LENGTH)


DEFAULT_MAPPING: Final = AttributeMapping(
    (
        MappingRule("first_name", "firstname"),
        MappingRule("last_name", "lastname"),
        MappingRule("email", "email"),
        MappingRule("status", "state"),
        MappingRule("position", "jobTitle"),
        MappingRule("supervisor", "manager"),
        MappingRule("employment_type", "employeeType"),
        MappingRule("subcompany", "company"),
        MappingRule("office", "location"),
        MappingRule("department", "department"),
        MappingRule("cost_centers", "costCenter"),
    )
)
"""The eleven attributes that the vendor's connector carries, each to its field."""
