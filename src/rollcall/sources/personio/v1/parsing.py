"""Personio's records (v1, GET employees) turned into employees; no record is ever too odd."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from rollcall.provisioning.employee import TEXT_ATTRIBUTES, Employee
from rollcall.sources.personio import cleaning

FIELDS: Final[Mapping[str, tuple[str, Callable[[object], object]]]] = {
    **{name: (name, cleaning.text) for name in TEXT_ATTRIBUTES},
    "supervisor": ("supervisor", cleaning.supervisor),
    "cost_centers": ("cost_centers", cleaning.cost_centers),
    "hire_date": ("hire_date", cleaning.day),
    "termination_date": ("termination_date", cleaning.day),
    "last_modified_at": ("last_modified", cleaning.moment),
}
"""By Personio's key: the field of `Employee`, and what reads it. Any other key is custom.

The texts of an employee are called by Personio's keys, so that they need no line of their own.
"""


@dataclass(frozen=True, slots=True)
class Records:
    """The records of one answer.

    `keys` are the attributes that at least one of them carried. `unusable` counts, by attribute,
    the values that could not be understood. `nameless` is the number of records without an id.
    """

    employees: tuple[Employee, ...]
    keys: frozenset[str]
    unusable: Counter[str]
    nameless: int


def records(data: list[Any], asked: frozenset[str]) -> Records:
    """The employees of a page; `asked` are the attributes wanted, everything where it is empty."""
    employees: list[Employee] = []
    keys: set[str] = set()
    unusable: Counter[str] = Counter()
    for record in data:
        attributes = _attributes(record)
        keys.update(attributes)
        if (parsed := employee(attributes, asked, unusable)) is not None:
            employees.append(parsed)
    return Records(tuple(employees), frozenset(keys), unusable, len(data) - len(employees))


def employee(
    attributes: Mapping[str, Any], asked: frozenset[str], unusable: Counter[str]
) -> Employee | None:
    """The employee with these attributes, None where there is no id.

    A value that cannot be understood is left unknown, and counted in `unusable` by its key.
    """
    known: dict[str, Any] = {}
    custom: dict[str, str | None] = {}
    for key, attribute in attributes.items():
        # Personio sends more than was asked for where a credential may read everything.
        if key == "id" or (asked and key not in asked):
            continue
        try:
            if (field := FIELDS.get(key)) is not None:
                known[field[0]] = field[1](cleaning.unwrapped(attribute))
            else:
                custom[cleaning.storable(key)] = _custom(attribute)
        # A value may be nested deeper than Python follows; that is one unusable value, not a failed
        # read.
        except (cleaning.Unusable, RecursionError):
            unusable[key] += 1
    try:
        number = cleaning.identity(cleaning.unwrapped(attributes.get("id")))
    except cleaning.Unusable:
        return None
    return Employee(id=number, custom=custom, **known)


def _attributes(record: object) -> Mapping[str, Any]:
    attributes = record.get("attributes") if isinstance(record, dict) else None
    return attributes if isinstance(attributes, dict) else {}


def _custom(attribute: object) -> str | None:
    """A custom attribute as text, by its declared type where Personio sends one."""
    value = cleaning.unwrapped(attribute)
    kind = attribute.get("type") if isinstance(attribute, dict) else None
    # Tags come as text of two kinds, which only the declared type tells from a text with commas.
    if kind == "tags":
        return cleaning.tags(value)
    if kind == "date" and isinstance(value, str) and value:
        day = cleaning.day(value)
        return day.isoformat() if day else None
    return cleaning.text(value)
