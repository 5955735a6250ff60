"""The ordinary world of these tests: people and users to build, and a directory held in memory."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from random import Random
from typing import Any

from rollcall.core.user_fields import ATTRIBUTE_PREFIX
from rollcall.provisioning.change import WRITING, Change, Kind, Plan
from rollcall.provisioning.employee import CostCenter, Employee
from rollcall.provisioning.plan import plan
from rollcall.provisioning.rules import Rules
from rollcall.provisioning.user import State, User

RULES = Rules()


def employee(employee_id: str = "1", **known: Any) -> Employee:
    """Somebody at work whose every attribute is known; `known` replaces what matters to a test."""
    ordinary: dict[str, Any] = {
        "first_name": "Mara",
        "last_name": "Voß",
        "email": f"mara{employee_id}@example.org",
        "status": "active",
        "position": "Buyer",
        "supervisor": None,
        "employment_type": "internal",
        "subcompany": "Example GmbH",
        "office": "Kiel",
        "department": "Purchasing",
        "cost_centers": (CostCenter("4100", 100.0),),
        "hire_date": None,
        "termination_date": None,
    }
    return Employee(employee_id, **(ordinary | known))


def user(number: int = 1, **fields: Any) -> User:
    """The user that an import makes of `employee(str(number))`, already active."""
    ordinary: dict[str, Any] = {
        "id": f"{number:024x}",
        "username": f"mara{number}",
        "email": f"mara{number}@example.org",
        "state": State.ACTIVATED,
        "firstname": "Mara",
        "lastname": "Voß",
        "jobTitle": "Buyer",
        "employeeType": "internal",
        "company": "Example GmbH",
        "location": "Kiel",
        "department": "Purchasing",
        "costCenter": "4100",
        "external_id": str(number),
    }
    return User(**(ordinary | fields))


def planned(
    people: Iterable[Employee], users: Iterable[User] = (), rules: Rules = RULES
) -> dict[str, Change]:
    """The plan's change of each employee, by employee id."""
    made = plan(people, users, rules)
    return {change.employee_id: change for change in made.changes}


def the_change(one: Employee, *users: User, rules: Rules = RULES) -> Change:
    """The change of a single employee."""
    (change,) = planned([one], users, rules).values()
    return change


def codes(change: Change) -> set[str]:
    """The codes of a change's warnings."""
    return {warning.code for warning in change.warnings}


def differences(change: Change) -> dict[str, tuple[str | None, str | None]]:
    """Before and after of every field that changes."""
    return {one.field: (one.before, one.after) for one in change.fields}


def applied(made: Plan, users: Iterable[User], random: Random | None = None) -> list[User]:
    """The directory after the plan: wave by wave, in any order within one, then the managers.

    Refuses, as a directory does, a username, e-mail, employeeIdentifier or employee id that
    another user has at that moment.
    """
    there = {one.id: one for one in users}
    user_of: dict[str, str] = {}
    writing = [change for change in made.changes if change.kind in WRITING]
    if random is not None:
        random.shuffle(writing)
    for change in sorted(writing, key=lambda one: one.wave):
        written = _written(change, there, f"{len(there) + 0xA000:024x}")
        _refuse_taken(change, written, there)
        there[written.id] = written
        user_of[change.employee_id] = written.id
    for change in writing:
        if change.manager is not None:
            boss = change.manager.user_id or user_of.get(change.manager.employee_id or "")
            mine = user_of[change.employee_id]
            there[mine] = replace(there[mine], manager=boss)
    return list(there.values())


def _written(change: Change, there: dict[str, User], new_id: str) -> User:
    if change.kind is Kind.CREATE:
        before = User(id=new_id, username="", email="", state=State.STAGED)
    else:
        before = there[change.user_id or ""]
    fields: dict[str, Any] = {}
    attributes = dict(before.attributes)
    for one in change.fields:
        if one.field.startswith(ATTRIBUTE_PREFIX):
            attributes[one.field.removeprefix(ATTRIBUTE_PREFIX)] = one.after or ""
        elif one.field == "state":
            fields["state"] = State(one.after or "")
        elif one.field != "manager":
            fields[one.field] = one.after
    if change.external_id is not None:
        fields["external_id"] = change.external_id
    return replace(before, **fields, attributes=attributes)


def _refuse_taken(change: Change, written: User, there: dict[str, User]) -> None:
    changed = {one.field for one in change.fields}
    for other in there.values():
        if other.id == written.id:
            continue
        if "username" in changed:
            assert other.username.lower() != written.username.lower()
        if "email" in changed:
            assert other.email.lower() != written.email.lower()
        if "employeeIdentifier" in changed and written.employeeIdentifier:
            assert other.employeeIdentifier != written.employeeIdentifier
        if change.external_id is not None:
            assert other.external_id != written.external_id
