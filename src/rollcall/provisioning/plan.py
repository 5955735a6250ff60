"""The plan: every decision about every employee, put together into one change each."""

from __future__ import annotations

from collections.abc import Iterable

from rollcall.provisioning.change import Plan
from rollcall.provisioning.directory_index import DirectoryIndex
from rollcall.provisioning.employee import Employee
from rollcall.provisioning.outline import Outline
from rollcall.provisioning.rules import Rules
from rollcall.provisioning.user import User


def plan(employees: Iterable[Employee], users: Iterable[User], rules: Rules) -> Plan:
    """What an import of these employees does to a directory of these users, one change for each.

    Each employee comes once: which of several records counts was decided where they were read. The
    same employees make the same plan in whatever order they come; there is no clock in it, and no
    value of an employee or a user makes it raise. Everything is held in memory at once: a
    plan for many is made in stretches from its `Outline`, and is the same plan.

    Raises:
        ValueError: an employee comes twice.
    """
    people = list(employees)
    by_id = {user.id: user for user in users}
    outline = Outline.of(people, DirectoryIndex.of(by_id.values()), rules)
    listed = {employee.id: employee for employee in people}
    in_order = (listed[employee_id] for employee_id in outline.employee_ids())
    return Plan(tuple(outline.changes(in_order, by_id)), outline.warnings)
