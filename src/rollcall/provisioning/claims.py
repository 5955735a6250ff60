"""Taking over: who may have what another user still holds, and in which order it is written."""

from __future__ import annotations

from array import array
from collections import defaultdict, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from rollcall.provisioning.employee_ids import id_order
from rollcall.provisioning.matching import Conflict
from rollcall.provisioning.numbering import NONE
from rollcall.provisioning.reason import Reason
from rollcall.provisioning.roster import EMPTY, Roster

EMAIL = "email"
IDENTIFIER = "employeeIdentifier"


@dataclass(frozen=True, slots=True)
class Settled:
    """The waves of those who have to wait, and the conflicts of those who wait in vain.

    Employees are their numbers in the roster.
    """

    waves: Mapping[int, int]
    conflicts: Mapping[int, Conflict]


class Claims:
    """What each employee's user is to hold from now on.

    An incomplete read gives no identifier up for nothing.
    """

    def __init__(self, roster: Roster, complete: bool) -> None:
        self._roster = roster
        self._index = roster.index
        self._complete = complete

    def leaves(self, employee: int, kind: str) -> bool:
        """Whether the employee's user gives up the e-mail or identifier that it has."""
        user = self._roster.user(employee)
        if user == NONE:
            return False
        if kind == EMAIL:
            return self._roster.email(employee) not in (NONE, self._index.email(user))
        identifier = self._roster.identifier(employee)
        if identifier == EMPTY:
            return self._complete
        return identifier not in (NONE, self._index.identifier(user))

    def in_the_way(self, employee: int) -> Iterator[tuple[str, str, int]]:
        """Of what the employee claims, what another user holds: its kind, its value, that user."""
        roster, index = self._roster, self._index
        mine, email = roster.user(employee), roster.email(employee)
        if email != NONE and (mine == NONE or email != index.email(mine)):
            for user in index.with_email(email):
                if user != mine:
                    yield EMAIL, roster.emails[email], user
        identifier = roster.identifier(employee)
        if identifier >= 0 and (mine == NONE or identifier != index.identifier(mine)):
            for user in index.with_identifier(identifier):
                if user != mine:
                    yield IDENTIFIER, roster.identifiers[identifier], user


@dataclass(frozen=True, slots=True)
class _Wait:
    """What is wanted, the user that holds it, and the employee whose user that is (or `NONE`)."""

    kind: str
    value: str
    user: int
    owner: int


@dataclass(slots=True)
class _Queue:
    """Who waits for whom: `waits[a]` is what a waits for, `awaited[b]` who waits for b."""

    waits: dict[int, list[_Wait]] = field(default_factory=dict)
    awaited: defaultdict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    conflicts: dict[int, Conflict] = field(default_factory=dict)


def settle(roster: Roster, order: array[int], complete: bool) -> Settled:
    """In which wave each claim may be written, or with whom it is in conflict.

    A claim on what another user gives up in this plan is a wave later than that one; a circle, and
    all that wait for somebody who keeps what they want, are conflicts. Linear in the employees,
    who are taken in this order.
    """
    queue = _line_up(roster, order, Claims(roster, complete))
    _spread(queue, roster)
    waves = _waves(queue)
    circle = _circle(queue, waves)
    for employee in sorted(circle, key=lambda number: id_order(roster.ids[number])):
        queue.conflicts[employee] = _conflict("swap", queue.waits[employee][0], roster)
    _spread(queue, roster)
    return Settled(waves, queue.conflicts)


def _line_up(roster: Roster, order: array[int], claims: Claims) -> _Queue:
    queue = _Queue()
    for employee in order:
        if not roster.claims(employee):
            continue
        for kind, value, user in claims.in_the_way(employee):
            wait = _Wait(kind, value, user, roster.owner(user))
            owner = wait.owner
            # Nobody is going to give it up in this plan, so that waiting for it would be in vain.
            if owner == NONE or not roster.claims(owner) or not claims.leaves(owner, kind):
                queue.conflicts.setdefault(employee, _conflict("held", wait, roster))
            else:
                queue.waits.setdefault(employee, []).append(wait)
                queue.awaited[owner].append(employee)
    return queue


def _conflict(code: str, wait: _Wait, roster: Roster) -> Conflict:
    user_id = roster.index.ids[wait.user]
    params = {"field": wait.kind, "value": wait.value, "user": user_id}
    owner = "" if wait.owner == NONE else roster.ids[wait.owner]
    employee_id = owner or roster.index.external_id(wait.user)
    if not employee_id:
        return Conflict(Reason(code, params), (user_id,))
    reason = Reason(f"{code}_by_employee", {**params, "employee": employee_id})
    return Conflict(reason, (employee_id, user_id))


def _spread(queue: _Queue, roster: Roster) -> None:
    """Whoever waits for somebody in conflict is in conflict: that one keeps what is waited for."""
    # In breadth and not by recursion: a chain of people waiting may be longer than Python's stack.
    blocked = deque(queue.conflicts)
    while blocked:
        holder = blocked.popleft()
        for waiting in queue.awaited.get(holder, ()):
            if waiting not in queue.conflicts:
                # Somebody may wait for two people: the conflict names the one who keeps what is
                # wanted.
                wait = next(wait for wait in queue.waits[waiting] if wait.owner == holder)
                queue.conflicts[waiting] = _conflict("held", wait, roster)
                blocked.append(waiting)


def _waves(queue: _Queue) -> dict[int, int]:
    """The wave of each claim that waits for others and whose turn comes; the rest is in wave 0."""
    still = {
        employee: len(waits)
        for employee, waits in queue.waits.items()
        if employee not in queue.conflicts
    }
    waves: dict[int, int] = {}
    # Whoever waits for nobody is written first; their followers are counted down from there.
    ready = deque(employee for employee in queue.awaited if employee not in queue.waits)
    while ready:
        done = ready.popleft()
        for waiting in queue.awaited.get(done, ()):
            if waiting in still:
                waves[waiting] = max(waves.get(waiting, 0), waves.get(done, 0) + 1)
                still[waiting] -= 1
                if not still[waiting]:
                    ready.append(waiting)
    # Who was reached from one side and still waits for another is part of a circle, or behind one.
    return {employee: wave for employee, wave in waves.items() if not still[employee]}


def _circle(queue: _Queue, waves: Mapping[int, int]) -> set[int]:
    """Those left over who wait in a circle, without those who only wait for the circle."""
    left = {
        employee
        for employee in queue.waits
        if employee not in queue.conflicts and employee not in waves
    }
    followers = {
        employee: sum(waiting in left for waiting in queue.awaited.get(employee, ()))
        for employee in left
    }
    unawaited = deque(employee for employee, count in followers.items() if not count)
    while unawaited:
        last = unawaited.popleft()
        left.discard(last)
        for wait in queue.waits[last]:
            if wait.owner in left:
                followers[wait.owner] -= 1
                if not followers[wait.owner]:
                    unawaited.append(wait.owner)
    return left
