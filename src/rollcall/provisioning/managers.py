"""Managers: whom each employee's user is to report to, once every user of the plan is there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rollcall.core.emails import normalize
from rollcall.core.text import clean, cut
from rollcall.provisioning.change import FieldChange, ManagerLink
from rollcall.provisioning.employee import Supervisor, Unknown
from rollcall.provisioning.employee_ids import named
from rollcall.provisioning.reason import Reason
from rollcall.provisioning.user import DirectoryIndex, User


@dataclass(frozen=True, slots=True)
class Report:
    """An employee as somebody's report: `written` where this plan writes to, or makes, the user."""

    employee_id: str
    supervisor: Supervisor | Unknown | None
    user: User | None
    created: bool
    written: bool

    def node(self) -> ManagerLink | None:
        """The employee as somebody's manager; None where there is and will be no user."""
        if self.user is not None:
            return ManagerLink(user_id=self.user.id)
        return ManagerLink(employee_id=self.employee_id) if self.created else None


@dataclass(frozen=True, slots=True)
class Linked:
    """What happens to a user's manager; all empty where it stays."""

    link: ManagerLink | None = None
    change: FieldChange | None = None
    warnings: tuple[Reason, ...] = ()


Target = ManagerLink | None

TO_COME = FieldChange("manager", None, None)
"""The manager of somebody who has none is somebody whom the plan is still to make."""


def link_managers(
    reports: Sequence[Report], index: DirectoryIndex, complete: bool
) -> dict[str, Linked]:
    """The manager of every user that the plan writes to, by employee id; absent where it stays.

    A supervisor is found by employee id among the reports, else by the external id in the
    directory, else by the e-mail that Personio gave, if that user belongs to nobody. Who cannot be
    found, who supervises himself, and all members of a circle are warnings and stay as they are.
    """
    nodes = {report.employee_id: report.node() for report in reports}
    wished, linked = _wishes(reports, nodes, index)
    circles = _circles(nodes, wished, index, complete)
    for report in reports:
        if report.employee_id not in wished:
            continue
        circle = circles.get(report.employee_id)
        if circle is not None:
            linked[report.employee_id] = Linked(warnings=(circle,))
        else:
            linked[report.employee_id] = _linked(report, wished[report.employee_id], complete)
    return linked


def _wishes(
    reports: Sequence[Report], nodes: Mapping[str, Target], index: DirectoryIndex
) -> tuple[dict[str, Target], dict[str, Linked]]:
    owned = {report.user.id for report in reports if report.user is not None}
    wished: dict[str, Target] = {}
    linked: dict[str, Linked] = {}
    for report in reports:
        boss = report.supervisor
        if not report.written or isinstance(boss, Unknown):
            continue
        target = None if boss is None else _find(boss, nodes, owned, index)
        if boss is not None and target is None:
            linked[report.employee_id] = Linked(warnings=(_missing(boss, nodes),))
        else:
            wished[report.employee_id] = target
    return wished, linked


def _find(
    boss: Supervisor, nodes: Mapping[str, Target], owned: set[str], index: DirectoryIndex
) -> Target:
    if boss.id in nodes:
        return nodes[boss.id]
    users = index.by_external_id.get(boss.id, ()) if boss.id else ()
    if not users and boss.email:
        holders = index.by_email.get(normalize(boss.email), ())
        users = tuple(user for user in holders if not user.external_id and user.id not in owned)
    return ManagerLink(user_id=users[0].id) if len(users) == 1 else None


def _missing(boss: Supervisor, nodes: Mapping[str, Target]) -> Reason:
    code = "supervisor_without_user" if boss.id in nodes else "supervisor_not_found"
    return Reason(code, {"supervisor": cut(clean(boss.id), 64)})


def _linked(report: Report, target: Target, complete: bool) -> Linked:
    before = report.user.manager if report.user else None
    if target is None:
        if before is None:
            return Linked()
        if not complete:
            return Linked(warnings=(Reason("manager_kept_incomplete"),))
        return Linked(ManagerLink(), FieldChange("manager", before, None))
    if target.user_id is not None and target.user_id == before:
        return Linked()
    if before is None and target.user_id is None:
        return Linked(target, TO_COME)
    return Linked(target, FieldChange("manager", before, target.user_id))


def _circles(
    nodes: Mapping[str, Target],
    wished: Mapping[str, Target],
    index: DirectoryIndex,
    complete: bool,
) -> dict[str, Reason]:
    """The warning of every employee whose wished manager would close a circle.

    The users that the plan leaves alone count with the managers that they have.
    """
    above: dict[ManagerLink, ManagerLink] = {
        ManagerLink(user_id=user.id): ManagerLink(user_id=user.manager)
        for user in index.by_id.values()
        if user.manager is not None
    }
    names: dict[ManagerLink, str] = {}
    for employee_id, target in wished.items():
        node = nodes[employee_id]
        if node is None:
            continue
        if target is not None:
            names[node] = employee_id
            above[node] = target
        elif complete:
            above.pop(node, None)
    warnings: dict[str, Reason] = {}
    for circle in _find_circles(above):
        members = [names[node] for node in circle if node in names]
        warnings.update(dict.fromkeys(members, _circle_reason(circle, members)))
    return warnings


def _circle_reason(circle: Sequence[ManagerLink], members: list[str]) -> Reason:
    if len(circle) == 1:
        return Reason("supervises_self")
    return Reason("supervisor_circle", {"employees": named(members)})


def _find_circles(above: Mapping[ManagerLink, ManagerLink]) -> list[list[ManagerLink]]:
    """Every circle once; each node is walked over once, so a chain of any length is no burden."""
    circles: list[list[ManagerLink]] = []
    walk_of: dict[ManagerLink, int] = {}
    for walk, start in enumerate(above):
        path: list[ManagerLink] = []
        node = start
        while node in above and node not in walk_of:
            walk_of[node] = walk
            path.append(node)
            node = above[node]
        if walk_of.get(node) == walk and path:
            circles.append(path[path.index(node) :])
    return circles
