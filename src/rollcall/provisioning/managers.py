"""Managers: whom each employee's user is to report to, once every user of the plan is there."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from rollcall.core.emails import normalize
from rollcall.core.text import clean, cut
from rollcall.provisioning.change import FieldChange, ManagerLink
from rollcall.provisioning.employee import Supervisor
from rollcall.provisioning.employee_ids import id_order, named
from rollcall.provisioning.matching import By
from rollcall.provisioning.numbering import NONE
from rollcall.provisioning.reason import Reason
from rollcall.provisioning.roster import EMPTY, Roster

LOST: Final = -3
"""In place of a manager: a supervisor is named who neither has nor will have a user."""


@dataclass(frozen=True, slots=True)
class Linked:
    """What happens to a user's manager; all empty where it stays."""

    link: ManagerLink | None = None
    change: FieldChange | None = None
    warnings: tuple[Reason, ...] = ()


MOST_TURNS: Final = 50
"""How often circles are looked for behind circles; what is left then, the directory refuses."""

STAYS = Linked()
"""What happens to a manager of whom nothing is known."""

TO_COME = FieldChange("manager", None, None)
"""The manager of somebody who has none is somebody whom the plan is still to make."""


class Managers:
    """Whom everybody whom the plan writes to is to report to.

    A manager is a number here: below the number of users one of them, and from there on an employee
    whose user the plan makes. A supervisor is found by employee id among the employees, else by
    the external id in the directory, else by the source's e-mail for them, if that user belongs to
    nobody. Who cannot be found, who supervises himself, and all members of a circle are warnings
    and stay as they are.
    """

    def __init__(self, roster: Roster, complete: bool) -> None:
        self._roster = roster
        self._complete = complete
        # Found once for each supervisor and not for each of their reports.
        managers = [self._find(supervisor) for supervisor in roster.supervisors]
        self._wished = array("i", (self._wish(number, managers) for number in range(len(roster))))
        self._circles = self._warnings()

    def linked(self, employee: int, before: str | None) -> Linked:
        """What happens to the manager of this employee's user, who has the manager `before`."""
        wished = self._wished[employee]
        if wished == NONE:
            return STAYS
        if wished == LOST:
            return Linked(warnings=(self._missing(employee),))
        circle = self._circles.get(employee)
        if circle is not None:
            return Linked(warnings=(circle,))
        return self._towards(None if wished == EMPTY else self._link(wished), before)

    def _towards(self, target: ManagerLink | None, before: str | None) -> Linked:
        if target is None:
            if before is None:
                return STAYS
            if not self._complete:
                return Linked(warnings=(Reason("manager_kept_incomplete"),))
            return Linked(ManagerLink(), FieldChange("manager", before, None))
        if target.user_id is not None and target.user_id == before:
            return STAYS
        if before is None and target.user_id is None:
            return Linked(target, TO_COME)
        return Linked(target, FieldChange("manager", before, target.user_id))

    def _link(self, manager: int) -> ManagerLink:
        roster, users = self._roster, len(self._roster.index)
        if manager < users:
            owner = roster.owner(manager)
            # Whether the user becomes the supervisor's is known only once it has been written.
            if owner != NONE and roster.matched_by(owner) is not By.ID:
                return ManagerLink(roster.index.ids[manager], roster.ids[owner])
            return ManagerLink(user_id=roster.index.ids[manager])
        return ManagerLink(employee_id=self._roster.ids[manager - users])

    def _node(self, employee: int) -> int:
        """The employee as somebody's manager; `NONE` where there is and will be no user."""
        other = self._roster.replaced_by(employee)
        if other != NONE:
            employee = other
        user = self._roster.user(employee)
        if user != NONE:
            return user
        return len(self._roster.index) + employee if self._roster.is_created(employee) else NONE

    def _find(self, supervisor: Supervisor) -> int:
        roster, index = self._roster, self._roster.index
        employee = roster.ids.find(supervisor.id)
        if employee != NONE:
            return self._node(employee)
        users = index.carrying(supervisor.id) if supervisor.id else ()
        # Only somebody whom no employee is: else an address that was passed on names the wrong
        # person.
        if not users and supervisor.email:
            holders = index.with_email(index.emails.find(normalize(supervisor.email)))
            users = tuple(
                user
                for user in holders
                if not index.external_id(user) and roster.owner(user) == NONE
            )
        # Several are no answer: a wrong manager is worse than none.
        return users[0] if len(users) == 1 else NONE

    def _wish(self, employee: int, managers: list[int]) -> int:
        """The wished manager; `EMPTY` for none, `NONE` where nothing is to happen, or `LOST`."""
        supervisor = self._roster.supervisor(employee)
        if supervisor == NONE or not self._roster.is_written(employee):
            return NONE
        if supervisor == EMPTY:
            return EMPTY
        return LOST if managers[supervisor] == NONE else managers[supervisor]

    def _missing(self, employee: int) -> Reason:
        supervisor = self._roster.supervisors[self._roster.supervisor(employee)]
        listed = self._roster.ids.find(supervisor.id) != NONE
        code = "supervisor_without_user" if listed else "supervisor_not_found"
        return Reason(code, {"supervisor": cut(clean(supervisor.id), 64)})

    def _warnings(self) -> dict[int, Reason]:
        """The warning of every employee whose wished manager would close a circle.

        Who is warned keeps the manager of before, with whom another wish may close the next one.
        """
        above = self._above()
        warnings: dict[int, Reason] = {}
        for _ in range(MOST_TURNS):
            before = len(warnings)
            for circle in [*find_circles(above)]:
                members = [self._wisher(node) for node in circle]
                members = [one for one in members if one != NONE and one not in warnings]
                warnings |= dict.fromkeys(members, self._why(members, alone=len(circle) == 1))
                for member in members:
                    above[self._node(member)] = self._manager_now(member)
            if len(warnings) == before:
                break
        return warnings

    def _why(self, members: list[int], *, alone: bool) -> Reason:
        if alone:
            return Reason("supervises_self")
        ids = [self._roster.ids[member] for member in self._from_the_first(members)]
        return Reason("supervisor_circle", {"employees": named(ids)})

    def _manager_now(self, employee: int) -> int:
        user = self._roster.user(employee)
        return NONE if user == NONE else self._roster.index.manager(user)

    def _above(self) -> array[int]:
        """Everybody's manager once the plan is carried out, by number; `NONE` for nobody.

        The users that the plan leaves alone count with the managers that they have.
        """
        index = self._roster.index
        above = array("i", (index.manager(user) for user in range(len(index))))
        above.extend(array("i", [NONE]) * len(self._roster))
        for employee, wished in enumerate(self._wished):
            if wished >= 0:
                above[self._node(employee)] = wished
            elif wished == EMPTY and self._complete:
                above[self._node(employee)] = NONE
        return above

    def _wisher(self, node: int) -> int:
        """The employee of a circle's member; `NONE` where the plan sets no manager there."""
        users = len(self._roster.index)
        employee = self._roster.owner(node) if node < users else node - users
        return employee if employee != NONE and self._wished[employee] >= 0 else NONE

    def _from_the_first(self, members: list[int]) -> list[int]:
        """The members in the order of their circle, from the lowest id on."""
        ids = [id_order(self._roster.ids[member]) for member in members]
        first = ids.index(min(ids)) if ids else 0
        return members[first:] + members[:first]


def find_circles(above: array[int]) -> Iterator[list[int]]:
    """Every circle once, where `above` is everybody's manager, or `NONE`.

    Everybody is walked over once, so a chain of any length is no burden.
    """
    walk_of = array("i", [NONE]) * len(above)
    for walk, start in enumerate(above):
        node = start
        while node != NONE and walk_of[node] == NONE:
            walk_of[node] = walk
            node = above[node]
        if node != NONE and walk_of[node] == walk:
            yield _circle(node, above)


def _circle(start: int, above: array[int]) -> list[int]:
    circle = [start]
    while (node := above[circle[-1]]) != start:
        circle.append(node)
    return circle
