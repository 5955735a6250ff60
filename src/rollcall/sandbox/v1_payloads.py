"""A person as Personio v1 writes an employee: one labelled object for every attribute."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TypeAlias

from .catalog import Named, Office
from .clock import in_berlin, midnight
from .company import Company
from .person import Person
from .switches import EmptyObject, SupervisorDetail, Switches

Json: TypeAlias = "dict[str, object]"
Value: TypeAlias = "Callable[[View, Person], object]"

_EMPTY: dict[EmptyObject, object] = {
    EmptyObject.NULL: None,
    EmptyObject.TEXT: "",
    EmptyObject.LIST: [],
}
SIZES = ("XS", "S", "M", "L", "XL", "XXL")
LANGUAGES = ("German", "English", "Turkish", "Polish", "French", "Dutch", "Ukrainian")


@dataclass(frozen=True)
class View:
    """What an employee's values depend on beside the person."""

    company: Company
    switches: Switches
    base_url: str


@dataclass(frozen=True)
class Attribute:
    """One attribute of v1: `key`, what describes it, and how its value is read off a person."""

    key: str
    label: str
    type: str
    value: Value
    universal_id: str | None
    options: tuple[str, ...] = ()
    more: Json = field(default_factory=dict)

    def written(self, view: View, person: Person) -> Json:
        """The attribute with a person's value."""
        return _labelled(self, self.value(view, person))

    def described(self) -> Json:
        """The attribute as the list of readable attributes shows it."""
        return {
            "key": self.key,
            "label": self.label,
            "type": self.type,
            "universal_id": self.universal_id,
            "options": list(self.options),
        }


def _labelled(attribute: Attribute, value: object) -> Json:
    return {
        "label": attribute.label,
        "value": value,
        "type": attribute.type,
        "universal_id": attribute.universal_id,
        **attribute.more,
    }


def employee(view: View, attributes: Iterable[Attribute], person: Person) -> Json:
    """A person with these attributes."""
    written = {attribute.key: attribute.written(view, person) for attribute in attributes}
    return {"type": "Employee", "attributes": written}


def _named(kind: str, named: Named) -> Json:
    return {"type": kind, "attributes": {"id": named.id, "name": named.name}}


def _day(day: date | None) -> str | None:
    return None if day is None else midnight(day)


def _supervisor(view: View, person: Person) -> object:
    if person.supervisor is None:
        return _EMPTY[view.switches.empty_object]
    # Whether v1 sends more of a supervisor than the id is not settled; nobody may count on it.
    shown: Json = {"id": _labelled(BY_KEY["id"], person.supervisor)}
    position = view.company.position_of(person.supervisor)
    if view.switches.supervisor is SupervisorDetail.FULL and position is not None:
        name = view.company.name(position)
        shown["first_name"] = _labelled(BY_KEY["first_name"], name.first.written)
        shown["last_name"] = _labelled(BY_KEY["last_name"], name.last.written)
        shown["email"] = _labelled(BY_KEY["email"], view.company.email(position))
    return {"type": "Employee", "attributes": shown}


def _team(view: View, person: Person) -> object:
    return _named("Team", person.team) if person.team else _EMPTY[view.switches.empty_object]


def _cost_centers(_: View, person: Person) -> object:
    return [
        {
            "type": "CostCenter",
            "attributes": {
                "id": share.center.id,
                "name": share.center.name,
                "percentage": share.percentage,
            },
        }
        for share in person.cost_centers
    ]


def _holidays(_: View, person: Person) -> object:
    office: Office = person.office
    where = f"{office.country} ({office.state}) Feiertage" if office.state else office.country
    attributes = {"id": office.id % 100, "name": where}
    attributes |= {"country": office.country, "state": office.state}
    return {"type": "HolidayCalendar", "attributes": attributes}


def _schedule(_: View, person: Person) -> object:
    minutes = person.weekly_hours * 12
    daily = f"{minutes // 60:02}:{minutes % 60:02}"
    week = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), daily)
    attributes: Json = {"id": 97400 + person.weekly_hours, "name": f"{person.weekly_hours} hours"}
    attributes |= {"valid_from": None, **week, "saturday": "00:00", "sunday": "00:00"}
    return {"type": "WorkSchedule", "attributes": attributes}


def _vacation(_: View, person: Person) -> object:
    attributes: Json = {"id": 113900, "name": "Paid vacation", "category": "paid_vacation"}
    return [{"type": "TimeOffType", "attributes": {**attributes, "entitlement": 30}}]


def _picture(view: View, person: Person) -> object:
    return f"{view.base_url}/v1/company/employees/{person.id}/profile-picture"


def size(person: Person) -> str:
    """The custom attribute "T-shirt size"."""
    return SIZES[person.bits >> 33 & 3]


def languages(person: Person) -> str:
    """The custom attribute "Languages", as v1 writes tags."""
    second = LANGUAGES[1 + (person.bits >> 35 & 15) % (len(LANGUAGES) - 1)]
    return f"German,{second}"


def birthday(person: Person) -> str:
    """The custom attribute "Birthday"."""
    return (date(1961, 1, 1) + timedelta(days=(person.bits >> 24) % 16_000)).isoformat()


def _standard(key: str, label: str, value: Value, kind: str = "standard", **more: str) -> Attribute:
    return Attribute(key, label, kind, value, key, (), dict(more))


ATTRIBUTES: tuple[Attribute, ...] = (
    _standard("id", "ID", lambda _, p: p.id, "integer"),
    _standard("first_name", "First name", lambda _, p: p.first_name),
    _standard("last_name", "Last name", lambda _, p: p.last_name),
    _standard("preferred_name", "Name (preferred)", lambda _, p: p.preferred_name),
    _standard("email", "Email", lambda _, p: p.email),
    _standard("gender", "Gender", lambda _, p: p.gender),
    _standard("status", "Status", lambda _, p: p.status),
    _standard("position", "Position", lambda _, p: p.position),
    _standard("supervisor", "Supervisor", _supervisor),
    _standard("employment_type", "Employment type", lambda _, p: p.employment_type),
    _standard("weekly_working_hours", "Weekly hours", lambda _, p: str(p.weekly_hours)),
    _standard("hire_date", "Hire date", lambda _, p: midnight(p.hired), "date"),
    _standard("contract_end_date", "Contract ends", lambda _, p: _day(p.contract_end), "date"),
    _standard("termination_date", "Termination date", lambda _, p: _day(p.terminated), "date"),
    _standard(
        "termination_type", "Termination type", lambda _, p: "employee" if p.terminated else ""
    ),
    _standard("termination_reason", "Termination reason", lambda _, p: ""),
    _standard(
        "probation_period_end",
        "Probation period end",
        lambda _, p: midnight(p.probation_end),
        "date",
    ),
    _standard("created_at", "created_at", lambda _, p: in_berlin(p.created).isoformat(), "date"),
    _standard(
        "last_modified_at",
        "Last modified",
        lambda _, p: in_berlin(p.modified).isoformat(),
        "date",
    ),
    _standard("subcompany", "Subcompany", lambda _, p: _named("Subcompany", p.subcompany)),
    _standard("office", "Office", lambda _, p: _named("Office", p.office)),
    _standard("department", "Department", lambda _, p: _named("Department", p.department)),
    _standard("team", "Team", _team),
    _standard("cost_centers", "Cost center", _cost_centers),
    _standard("holiday_calendar", "Public holidays", _holidays),
    _standard("absence_entitlement", "Absence entitlement", _vacation),
    _standard("work_schedule", "Work schedule", _schedule),
    _standard("fix_salary", "Fix salary", lambda _, p: p.salary, "decimal", currency="EUR"),
    _standard("fix_salary_interval", "Salary interval", lambda _, p: "monthly"),
    _standard("hourly_salary", "Hourly salary", lambda _, p: 0, "decimal", currency="EUR"),
    _standard("last_working_day", "Last day of work", lambda _, p: _day(p.terminated), "date"),
    _standard("profile_picture", "Profile Picture", _picture),
    Attribute("dynamic_612345", "T-shirt size", "list", lambda _, p: size(p), None, SIZES),
    Attribute("dynamic_612346", "Languages", "tags", lambda _, p: languages(p), None, LANGUAGES),
    Attribute("dynamic_612347", "Birthday", "date", lambda _, p: birthday(p), "date_of_birth"),
)
BY_KEY = {attribute.key: attribute for attribute in ATTRIBUTES}
