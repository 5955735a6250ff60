"""Matching: which user of the directory an employee is, and who claims what another claims too."""

from __future__ import annotations

import enum
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from rollcall.provisioning.desired_user import Wanted
from rollcall.provisioning.employee_ids import id_order, is_valid_id, named
from rollcall.provisioning.reason import Reason
from rollcall.provisioning.user import DirectoryIndex, User

MOST_NAMED = 50
"""How many others a conflict names; a shared address of thousands would fill the record."""


class By(enum.StrEnum):
    """What an employee and a user were matched by."""

    ID = "id"
    EMAIL = "email"
    EMPLOYEE_IDENTIFIER = "employeeIdentifier"


@dataclass(frozen=True, slots=True)
class Conflict:
    """Why an employee is left alone, and the ids of the employees and users it is about."""

    reason: Reason
    with_whom: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """The user that an employee is; None where there is none, or none that is certain."""

    user: User | None = None
    by: By | None = None
    conflict: Conflict | None = None

    def in_conflict(self, conflict: Conflict) -> Match:
        """The match once a conflict is known; only a user that carries the employee is kept."""
        if self.by is By.ID:
            return Match(self.user, self.by, self.conflict or conflict)
        return Match(conflict=self.conflict or conflict)


NOBODY = Match()
"""What an employee is matched with whom no user carries."""


def match(people: Sequence[Wanted], index: DirectoryIndex) -> dict[str, Match]:
    """The match of each employee, by employee id.

    First everyone's Personio id, then e-mails among the rest, then the employeeIdentifier where
    the mapping fills it. A user that carries another Personio id is matched by nothing else.
    """
    found = {one.id: _search(one, index) for one in people}
    for conflicts in (_claimed_twice(found), *_shared_keys(people)):
        for employee_id, conflict in conflicts.items():
            found[employee_id] = found[employee_id].in_conflict(conflict)
    return found


def _search(one: Wanted, index: DirectoryIndex) -> Match:
    if not is_valid_id(one.id):
        return NOBODY
    if users := index.by_external_id.get(one.id, ()):
        return _only(users, By.ID, "several_users_carry_id", one.id)
    if one.claimed_email is not None:
        free = _strangers(index.by_email.get(one.claimed_email, ()))
        if free:
            return _only(free, By.EMAIL, "several_users_have_email", one.claimed_email)
    if identifier := one.identifier:
        free = _strangers(index.by_employee_identifier.get(identifier, ()))
        if free:
            code = "several_users_have_identifier"
            return _only(free, By.EMPLOYEE_IDENTIFIER, code, identifier)
    return NOBODY


def _strangers(users: tuple[User, ...]) -> tuple[User, ...]:
    """These users, unless all of them are known to be other people."""
    return users if any(not user.external_id for user in users) else ()


def _only(users: tuple[User, ...], by: By, code: str, value: str) -> Match:
    if len(users) == 1:
        return Match(users[0], by)
    ids = [user.id for user in users]
    reason = Reason(code, {"value": value, "users": named(ids)})
    return Match(conflict=Conflict(reason, tuple(ids[:MOST_NAMED])))


def _claimed_twice(found: Mapping[str, Match]) -> dict[str, Conflict]:
    """Employees who met at one user by different keys."""
    claims: defaultdict[str, list[str]] = defaultdict(list)
    for employee_id, one in found.items():
        if one.user is not None:
            claims[one.user.id].append(employee_id)
    conflicts: dict[str, Conflict] = {}
    for user_id, ids in claims.items():
        if len(ids) > 1:
            conflicts |= among(ids, "claim_one_user", {"user": user_id}, (user_id,))
    return conflicts


def _shared_keys(people: Sequence[Wanted]) -> tuple[dict[str, Conflict], dict[str, Conflict]]:
    return (
        _shared(people, "email_shared", lambda one: one.claimed_email),
        _shared(people, "identifier_shared", lambda one: one.identifier),
    )


def _shared(
    people: Sequence[Wanted], code: str, key: Callable[[Wanted], str | None]
) -> dict[str, Conflict]:
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for one in people:
        if (value := key(one)) and is_valid_id(one.id):
            groups[value].append(one.id)
    conflicts: dict[str, Conflict] = {}
    for value, ids in groups.items():
        if len(ids) > 1:
            conflicts |= among(ids, code, {"value": value})
    return conflicts


def among(
    ids: Sequence[str], code: str, params: Mapping[str, str], users: tuple[str, ...] = ()
) -> dict[str, Conflict]:
    """A conflict for each of these employees that names the others (the first ones of many)."""
    first = sorted(ids, key=id_order)[: MOST_NAMED + 1]
    conflicts = {}
    for employee_id in ids:
        others = [other for other in first if other != employee_id][:MOST_NAMED]
        more = len(ids) - 1 - min(len(others), 10)
        text = ", ".join(others[:10]) + (f" (+{more})" if more else "")
        reason = Reason(code, {**params, "employees": text})
        conflicts[employee_id] = Conflict(reason, (*others, *users))
    return conflicts
