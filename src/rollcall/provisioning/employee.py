"""The employee as a source tells of one, with what was left out kept apart from what is empty."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Any, Final, TypeAlias


class Unknown(enum.Enum):
    """The type of `UNKNOWN`: the source left the key out, so nothing is known about the value."""

    UNKNOWN = "unknown"

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = Unknown.UNKNOWN

Text: TypeAlias = "str | Unknown | None"


class Status(enum.StrEnum):
    """Where an employee stands; a source translates its own words into these."""

    ACTIVE = "active"
    INACTIVE = "inactive"
    LEAVE = "leave"
    ONBOARDING = "onboarding"


@dataclass(frozen=True, slots=True)
class Supervisor:
    """Whom an employee reports to: the source's id, and the e-mail where the source gave one."""

    id: str
    email: str | None = None


@dataclass(frozen=True, slots=True)
class CostCenter:
    """One share of an employee's cost: its name and percentage (0 to 100, None where not given)."""

    name: str
    percentage: float | None = None


@dataclass(frozen=True, slots=True)
class Employee:
    """One person of a source's account.

    Every attribute but `id` is one of three things: a value, `None` or `()` (the source said it is
    empty), or `UNKNOWN` (the source left the key out: not readable, not asked for).
    `id` is the source's employee id as text. `status` is the source's word, which may be one that
    `Status` does not list. `custom` holds the further attributes that a mapping asks for,
    by the source's key (`dynamic_612345`); a key that is not in it is unknown. `row` is where the
    employee stands in a file that people can look into, from 1 on.
    """

    id: str
    first_name: Text = UNKNOWN
    last_name: Text = UNKNOWN
    email: Text = UNKNOWN
    status: Text = UNKNOWN
    position: Text = UNKNOWN
    supervisor: Supervisor | Unknown | None = UNKNOWN
    employment_type: Text = UNKNOWN
    subcompany: Text = UNKNOWN
    office: Text = UNKNOWN
    department: Text = UNKNOWN
    cost_centers: tuple[CostCenter, ...] | Unknown = UNKNOWN
    hire_date: date | Unknown | None = UNKNOWN
    termination_date: date | Unknown | None = UNKNOWN
    last_modified: datetime | Unknown | None = UNKNOWN
    custom: Mapping[str, str | None] = field(default_factory=dict, hash=False)
    row: int | None = None

    @property
    def name(self) -> str:
        """First and last name as one text for people to read; empty when neither is known."""
        parts = (self.first_name, self.last_name)
        return " ".join(part for part in parts if isinstance(part, str) and part)


def to_record(employee: Employee) -> dict[str, Any]:
    """The employee as JSON-able data; unknown attributes are left out, as in the source."""
    record: dict[str, Any] = {"id": employee.id}
    for key in TEXT_ATTRIBUTES:
        if (text := getattr(employee, key)) is not UNKNOWN:
            record[key] = text
    if employee.supervisor is not UNKNOWN:
        boss = employee.supervisor
        record["supervisor"] = boss and {"id": boss.id, "email": boss.email}
    if employee.cost_centers is not UNKNOWN:
        record["cost_centers"] = [[c.name, c.percentage] for c in employee.cost_centers]
    for key in ("hire_date", "termination_date", "last_modified"):
        if (moment := getattr(employee, key)) is not UNKNOWN:
            record[key] = moment and moment.isoformat()
    if employee.custom:
        record["custom"] = dict(employee.custom)
    # Left out where there is none: two reads of one account are compared record by record.
    if employee.row is not None:
        record["row"] = employee.row
    return record


def from_record(record: Mapping[str, Any]) -> Employee:
    """The employee that `to_record` wrote down.

    Raises:
        KeyError: the record has no `id`.
        ValueError: a date in it is not ISO 8601.
    """
    known: dict[str, Any] = {key: record[key] for key in TEXT_ATTRIBUTES if key in record}
    if "supervisor" in record:
        # None is a value here: the source said that there is nobody.
        boss = record["supervisor"]
        known["supervisor"] = boss and Supervisor(boss["id"], boss["email"])
    if "cost_centers" in record:
        known["cost_centers"] = tuple(CostCenter(name, pct) for name, pct in record["cost_centers"])
    for key in ("hire_date", "termination_date"):
        if key in record:
            known[key] = record[key] and date.fromisoformat(record[key])
    if "last_modified" in record:
        known["last_modified"] = record["last_modified"] and datetime.fromisoformat(
            record["last_modified"]
        )
    return Employee(
        id=record["id"], custom=record.get("custom", {}), row=record.get("row"), **known
    )


ATTRIBUTES: Final = tuple(
    entry.name for entry in fields(Employee) if entry.name not in ("custom", "row")
)
"""What a source can say of an employee, by name."""

TEXT_ATTRIBUTES: Final = tuple(entry.name for entry in fields(Employee) if entry.type == "Text")
