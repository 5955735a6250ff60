"""Taking over: who may have what another user still holds, and in which order it is written."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from rollcall.provisioning.desired_user import Wanted
from rollcall.provisioning.matching import Conflict
from rollcall.provisioning.reason import Reason
from rollcall.provisioning.user import DirectoryIndex, User

EMAIL = "email"
IDENTIFIER = "employeeIdentifier"


@dataclass(frozen=True, slots=True)
class Claim:
    """What one employee's user is to hold from now on; None where it keeps what it has.

    `identifier` is `""` where the user is to have none any more.
    """

    employee_id: str
    user: User | None
    email: str | None
    identifier: str | None

    @classmethod
    def of(cls, one: Wanted, user: User | None, complete: bool) -> Claim:
        """The claim of an employee; an incomplete read gives no identifier up for nothing."""
        identifier = one.identifier
        keeps = identifier == "" and not complete
        return cls(one.id, user, one.claimed_email, None if keeps else identifier)

    def leaves(self, kind: str) -> bool:
        """Whether the user gives up the e-mail or identifier that it has."""
        if self.user is None:
            return False
        if kind == EMAIL:
            return self.email is not None and self.email != self.user.email.lower()
        return self.identifier is not None and self.identifier != self.user.employeeIdentifier


@dataclass(frozen=True, slots=True)
class Settled:
    """The waves of those who have to wait, and the conflicts of those who wait in vain."""

    waves: Mapping[str, int]
    conflicts: Mapping[str, Conflict]


@dataclass(frozen=True, slots=True)
class _Wait:
    """What is wanted, the user that holds it, and the employee whose user that is ("" for none)."""

    kind: str
    value: str
    user: User
    owner: str


@dataclass(slots=True)
class _Queue:
    """Who waits for whom: `waits[a]` is what a waits for, `awaited[b]` who waits for b."""

    waits: dict[str, list[_Wait]] = field(default_factory=dict)
    awaited: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    conflicts: dict[str, Conflict] = field(default_factory=dict)


def settle(claims: Sequence[Claim], index: DirectoryIndex, owners: Mapping[str, str]) -> Settled:
    """In which wave each claim may be written, or with whom it is in conflict.

    `owners` names the employee of each user that carries one, those in conflict among them. A
    claim on what another user gives up in this plan is a wave later than that one; a circle, and
    all that wait for somebody who keeps what they want, are conflicts. Linear in the claims.
    """
    queue = _line_up(claims, index, owners)
    _spread(queue)
    waves = _waves(queue)
    for employee_id in _circle(queue, waves):
        queue.conflicts[employee_id] = _conflict("swap", queue.waits[employee_id][0])
    _spread(queue)
    return Settled(waves, queue.conflicts)


def _line_up(claims: Sequence[Claim], index: DirectoryIndex, owners: Mapping[str, str]) -> _Queue:
    queue = _Queue()
    by_employee = {claim.employee_id: claim for claim in claims}
    for claim in claims:
        for kind, value, user in _in_the_way(claim, index):
            wait = _Wait(kind, value, user, owners.get(user.id, ""))
            owner = by_employee.get(wait.owner)
            if owner is None or not owner.leaves(kind):
                queue.conflicts.setdefault(claim.employee_id, _conflict("held", wait))
            else:
                queue.waits.setdefault(claim.employee_id, []).append(wait)
                queue.awaited[owner.employee_id].append(claim.employee_id)
    return queue


def _in_the_way(claim: Claim, index: DirectoryIndex) -> Iterator[tuple[str, str, User]]:
    mine = claim.user.id if claim.user else None
    if claim.email is not None and (claim.user is None or claim.leaves(EMAIL)):
        for user in index.by_email.get(claim.email, ()):
            if user.id != mine:
                yield EMAIL, claim.email, user
    if claim.identifier and (claim.user is None or claim.leaves(IDENTIFIER)):
        for user in index.by_employee_identifier.get(claim.identifier, ()):
            if user.id != mine:
                yield IDENTIFIER, claim.identifier, user


def _conflict(code: str, wait: _Wait) -> Conflict:
    params = {"field": wait.kind, "value": wait.value, "user": wait.user.id}
    employee_id = wait.owner or wait.user.external_id
    if not employee_id:
        return Conflict(Reason(code, params), (wait.user.id,))
    reason = Reason(f"{code}_by_employee", {**params, "employee": employee_id})
    return Conflict(reason, (employee_id, wait.user.id))


def _spread(queue: _Queue) -> None:
    """Whoever waits for somebody in conflict is in conflict: that one keeps what is waited for."""
    blocked = deque(queue.conflicts)
    while blocked:
        holder = blocked.popleft()
        for waiting in queue.awaited.get(holder, ()):
            if waiting not in queue.conflicts:
                wait = next(one for one in queue.waits[waiting] if one.owner == holder)
                queue.conflicts[waiting] = _conflict("held", wait)
                blocked.append(waiting)


def _waves(queue: _Queue) -> dict[str, int]:
    """The wave of each claim that waits for others and whose turn comes; the rest is in wave 0."""
    still = {one: len(w) for one, w in queue.waits.items() if one not in queue.conflicts}
    waves: dict[str, int] = {}
    ready = deque(one for one in queue.awaited if one not in queue.waits)
    while ready:
        done = ready.popleft()
        for waiting in queue.awaited.get(done, ()):
            if waiting in still:
                waves[waiting] = max(waves.get(waiting, 0), waves.get(done, 0) + 1)
                still[waiting] -= 1
                if not still[waiting]:
                    ready.append(waiting)
    return {one: wave for one, wave in waves.items() if not still[one]}


def _circle(queue: _Queue, waves: Mapping[str, int]) -> set[str]:
    """Those left over who wait in a circle, without those who only wait for the circle."""
    left = {one for one in queue.waits if one not in queue.conflicts and one not in waves}
    followers = {
        one: sum(waiting in left for waiting in queue.awaited.get(one, ())) for one in left
    }
    unawaited = deque(one for one, count in followers.items() if not count)
    while unawaited:
        last = unawaited.popleft()
        left.discard(last)
        for wait in queue.waits[last]:
            if wait.owner in left:
                followers[wait.owner] -= 1
                if not followers[wait.owner]:
                    unawaited.append(wait.owner)
    return left
