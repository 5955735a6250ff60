"""What an application is told of a person beside their name for it: pure rules, for every door."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from rollcall.core.refusal import Refusal

MOST_RULES: Final = 50
LONGEST_NAME: Final = 256
LONGEST_VALUE: Final = 1024
_NAME: Final = re.compile(r"[\x21-\x7e]+(?: [\x21-\x7e]+)*")
_CUSTOM: Final = re.compile(r"attributes\.[A-Za-z0-9]{1,64}")

USER_ATTRIBUTES: Final = (
    "id",
    "username",
    "email",
    "firstname",
    "lastname",
    "middlename",
    "displayname",
    "jobTitle",
    "department",
    "company",
    "location",
    "costCenter",
    "employeeType",
    "employeeIdentifier",
    "description",
    "alternateEmail",
)
"""The user's fields that may be told, by the directory's names; `attributes.<name>` beside them."""


class Kind(enum.StrEnum):
    """Where the value of a claim comes from (JumpCloud's user, constant and group attributes)."""

    ATTRIBUTE = "attribute"
    CONSTANT = "constant"
    GROUPS = "groups"


@dataclass(frozen=True, slots=True)
class ClaimRule:
    """One claim: its name for the application, and what stands in it.

    `value` is the user's field, or the constant; of groups it is not looked at.
    """

    name: str
    kind: Kind
    value: str = ""


def evaluate(
    rules: Iterable[ClaimRule], facts: Mapping[str, str], groups: Sequence[str]
) -> dict[str, str | list[str]]:
    """The claims by name; what the directory does not know of the user is left out.

    `groups` are those that the application is bound to. They are always a list, of one as well:
    applications that were given a bare text have lost roles. Of two rules of one name the last
    one counts.
    """
    told: dict[str, str | list[str]] = {}
    for rule in rules:
        if rule.kind is Kind.GROUPS:
            told[rule.name] = list(groups)
            continue
        value = rule.value if rule.kind is Kind.CONSTANT else facts.get(rule.value, "")
        if value:
            told[rule.name] = value
        else:
            told.pop(rule.name, None)
    return told


def facts_of(user: Any) -> dict[str, str]:
    """The fields of a directory user that rules may name, custom attributes among them."""
    fields = {name: str(getattr(user, name) or "") for name in USER_ATTRIBUTES}
    custom = {
        f"attributes.{record['name']}": str(record.get("value", ""))
        for record in user.attributes
        if isinstance(record, dict) and "name" in record
    }
    return {**custom, **fields}


def refusals(rules: Sequence[ClaimRule], field: str) -> list[Refusal]:
    """Why these rules cannot be kept, each under this field's name; [] where they can."""
    if len(rules) > MOST_RULES:
        params = {"limit": str(MOST_RULES), "length": str(len(rules))}
        return [Refusal(field, "too_many", params=params)]
    wrong = [refusal for rule in rules if (refusal := _refusal(rule, field))]
    names = [rule.name for rule in rules]
    twice = sorted({name for name in names if names.count(name) > 1})
    return wrong + [Refusal(field, "named_twice", value=name) for name in twice]


def as_json(rules: Iterable[ClaimRule]) -> list[dict[str, str]]:
    """The rules as they are stored."""
    return [{"name": rule.name, "kind": rule.kind.value, "value": rule.value} for rule in rules]


def from_json(stored: Iterable[Mapping[str, str]]) -> tuple[ClaimRule, ...]:
    """The rules that were stored."""
    return tuple(
        ClaimRule(record["name"], Kind(record["kind"]), record.get("value", ""))
        for record in stored
    )


def _refusal(rule: ClaimRule, field: str) -> Refusal | None:
    if not rule.name:
        return Refusal(field, "required")
    if len(rule.name) > LONGEST_NAME or not _NAME.fullmatch(rule.name):
        return Refusal(field, "malformed", value=rule.name[:LONGEST_NAME])
    if rule.kind is Kind.CONSTANT:
        good = 0 < len(rule.value) <= LONGEST_VALUE and rule.value.isprintable()
    elif rule.kind is Kind.ATTRIBUTE:
        good = rule.value in USER_ATTRIBUTES or bool(_CUSTOM.fullmatch(rule.value))
    else:
        good = True
    return None if good else Refusal(field, "malformed", value=rule.value[:LONGEST_NAME])
