"""One person of the invented company, and one day of their record being changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from .catalog import Department, Named, Office


@dataclass(frozen=True, slots=True)
class Share:
    """A cost center's share of a person, in percent."""

    center: Named
    percentage: int


@dataclass(frozen=True, slots=True)
class Person:
    """Everything that the account keeps about one person.

    `supervisor` is a Personio id. `modified` and `created` are local times of Berlin.
    `touched` names the attributes (by Personio v1's keys) that the last change changed.
    """

    id: int
    first_name: str
    last_name: str
    preferred_name: str
    email: str | None
    gender: str
    status: str
    position: str
    supervisor: int | None
    employment_type: str
    weekly_hours: int
    office: Office
    subcompany: Named
    department: Department
    team: Named | None
    cost_centers: tuple[Share, ...]
    hired: date
    terminated: date | None
    contract_end: date | None
    probation_end: date
    created: datetime
    modified: datetime
    touched: frozenset[str]
    salary: int
    bits: int
