"""A person as Personio v2 writes a person and an employment: ids instead of names."""

from __future__ import annotations

import uuid
from datetime import date

from . import catalog
from .clock import utc
from .person import Person
from .prng import mix
from .switches import TypeCase
from .v1_payloads import Json, View, birthday, languages, size


def _languages(person: Person) -> list[str]:
    return languages(person).split(",")


_CUSTOM = (
    ("dynamic_612345", "string", None, "T-shirt size", size),
    ("dynamic_612346", "string_list", None, "Languages", _languages),
    ("dynamic_612347", "date", "date_of_birth", "Birthday", birthday),
)


def employment_id(view: View, person: Person) -> str:
    """The id of a person's employment."""
    high = mix(view.company.seed, 20, person.id)
    return str(uuid.UUID(int=high << 64 | mix(view.company.seed, 21, person.id), version=4))


def person_written(view: View, person: Person) -> Json:
    """GET /v2/persons/{id}: what the credential may read of a person."""
    here = f"{view.base_url}/v2/persons/{person.id}"
    fields: dict[str, tuple[str, object]] = {
        "email": ("email", person.email),
        "created_at": ("created_at", utc(person.created)),
        "updated_at": ("last_modified_at", utc(person.modified)),
        "first_name": ("first_name", person.first_name),
        "last_name": ("last_name", person.last_name),
        "preferred_name": ("preferred_name", person.preferred_name),
        "gender": ("gender", person.gender.upper()),
        "profile_picture": ("profile_picture", {"url": _picture(view, person)}),
        "status": ("status", "INACTIVE" if person.status == "inactive" else "ACTIVE"),
    }
    return {
        "id": str(person.id),
        **_readable(view, fields),
        "custom_attributes": _custom(view, person),
        "employments": [{"id": employment_id(view, person)}],
        "_meta": {"links": {"employments": {"href": f"{here}/employments"}}},
    }


def _picture(view: View, person: Person) -> str:
    return f"{view.base_url}/v1/company/employees/{person.id}/profile-picture"


def _readable(view: View, fields: dict[str, tuple[str, object]]) -> Json:
    may_read = view.switches.may_read
    return {name: value for name, (key, value) in fields.items() if may_read(key)}


def _custom(view: View, person: Person) -> list[Json]:
    upper = view.switches.type_case is TypeCase.UPPER
    rows: list[Json] = []
    for key, kind, global_id, label, value in _CUSTOM:
        if view.switches.may_read(key):
            row: Json = {"id": key, "type": kind.upper() if upper else kind}
            rows.append(
                {**row, "global_id": global_id or key, "label": label, "value": value(person)}
            )
    return rows


def employment_written(view: View, person: Person) -> Json:
    """GET /v2/persons/{id}/employments/{id}: what the credential may read of an employment.

    `id`, `status`, `person` and `_meta` are always there; the link to the supervisor too.
    """
    persons = f"{view.base_url}/v2/persons"
    links: Json = {"person": {"href": f"{persons}/{person.id}"}}
    if person.supervisor is not None:
        links["supervisor"] = {"href": f"{persons}/{person.supervisor}"}
    return {
        "id": employment_id(view, person),
        # The fine word stands here alone; the person's own is ACTIVE or INACTIVE.
        "status": person.status.upper(),
        "person": {"id": str(person.id)},
        **_readable(view, _job(person)),
        "_meta": {"links": links},
    }


def _job(person: Person) -> dict[str, tuple[str, object]]:
    entity = catalog.LEGAL_ENTITIES[person.office.subcompany]
    boss = None if person.supervisor is None else {"id": str(person.supervisor)}
    return {
        "type": ("employment_type", person.employment_type.upper()),
        "position": ("position", {"title": person.position}),
        "weekly_working_hours": ("weekly_working_hours", person.weekly_hours),
        "full_time_weekly_working_hours": ("weekly_working_hours", 40),
        "employment_start_date": ("hire_date", person.hired.isoformat()),
        "probation_end_date": ("probation_period_end", person.probation_end.isoformat()),
        "contract_end_date": ("contract_end_date", _day(person.contract_end)),
        "employment_end_date": ("termination_date", _day(person.terminated)),
        "created_at": ("created_at", utc(person.created)),
        "updated_at": ("last_modified_at", utc(person.modified)),
        "supervisor": ("supervisor", boss),
        "office": ("office", {"id": str(person.office.id)}),
        # v1 calls the legal entity a subcompany; v2 has both, and a list of names for the former.
        "legal_entity": ("subcompany", {"id": str(entity.id)}),
        "sub_company": ("subcompany", {"id": str(person.subcompany.id)}),
        "job": ("position", None),
        "org_units": ("department", _units(person)),
        "cost_centers": ("cost_centers", _shares(person)),
        "termination": ("termination_date", _termination(person)),
    }


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _units(person: Person) -> list[Json]:
    units: list[Json] = [{"type": "department", "id": str(person.department.id)}]
    if person.team is not None:
        units.append({"type": "team", "id": str(person.team.id)})
    return units


def _shares(person: Person) -> list[Json]:
    return [
        {"id": str(share.center.id), "weight": share.percentage} for share in person.cost_centers
    ]


def _termination(person: Person) -> Json | None:
    day = _day(person.terminated)
    if day is None:
        return None
    days = dict.fromkeys(("termination_date", "last_working_day", "terminated_at"), day)
    return {**days, "type": "EMPLOYEE", "reason": ""}
