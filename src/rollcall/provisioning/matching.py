"""Matching: which user of the directory an employee is, by what, and what a conflict says."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rollcall.provisioning.desired_user import Keys
from rollcall.provisioning.directory_index import DirectoryIndex
from rollcall.provisioning.employee_ids import id_order, is_valid_id, named
from rollcall.provisioning.numbering import NONE
from rollcall.provisioning.reason import Reason

MOST_NAMED = 50
"""How many others a conflict names; a shared address of thousands would fill the record."""


class By(enum.Enum):
    """What an employee and a user were matched by."""

    ID = 1
    EMAIL = 2
    EMPLOYEE_IDENTIFIER = 3
    SAME_PERSON = 4


@dataclass(frozen=True, slots=True)
class Conflict:
    """Why an employee is left alone, and the ids of the employees and users it is about."""

    reason: Reason
    with_whom: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Clash:
    """Several employees who want what only one can have; each is in conflict with the others.

    `first` are the ids of the first of them, in order; `count` is how many they are.
    """

    code: str
    params: Mapping[str, str] = field(hash=False)
    first: tuple[str, ...]
    count: int
    users: tuple[str, ...] = ()

    @classmethod
    def among(
        cls, ids: Sequence[str], code: str, params: Mapping[str, str], users: tuple[str, ...] = ()
    ) -> Clash:
        """The clash of the employees with these ids."""
        first = sorted(ids, key=id_order)[: MOST_NAMED + 1]
        return cls(code, params, tuple(first), len(ids), users)

    def of(self, employee_id: str) -> Conflict:
        """The conflict of one of them, which names the others (the first ones of many)."""
        others = [other for other in self.first if other != employee_id][:MOST_NAMED]
        more = self.count - 1 - min(len(others), 10)
        text = ", ".join(others[:10]) + (f" (+{more})" if more else "")
        reason = Reason(self.code, {**self.params, "employees": text})
        return Conflict(reason, (*others, *self.users))


@dataclass(frozen=True, slots=True)
class Match:
    """The number of the user that an employee is; `NONE` for no user, or none that is certain."""

    user: int = NONE
    by: By | None = None
    conflict: Conflict | None = None


NOBODY = Match()
"""What an employee is matched with whom no user carries."""


def match(keys: Keys, index: DirectoryIndex) -> Match:
    """The match of an employee by itself, whoever else may claim the same user.

    By the source's id first, then by the e-mail, then by the employeeIdentifier where the mapping
    fills it. A user that carries another employee's id is matched by nothing else.
    """
    if not is_valid_id(keys.id):
        return NOBODY
    # The id alone decides where it is known: an address may pass from one person to the next.
    if users := index.carrying(keys.id):
        return _only(users, By.ID, "several_users_carry_id", keys.id, index)
    if keys.claimed_email is not None:
        free = _strangers(index.with_email(index.emails.find(keys.claimed_email)), index)
        if free:
            return _only(free, By.EMAIL, "several_users_have_email", keys.claimed_email, index)
    if identifier := keys.identifier:
        free = _strangers(index.with_identifier(index.identifiers.find(identifier)), index)
        if free:
            code = "several_users_have_identifier"
            return _only(free, By.EMPLOYEE_IDENTIFIER, code, identifier, index)
    return NOBODY


def _strangers(users: tuple[int, ...], index: DirectoryIndex) -> tuple[int, ...]:
    """These users, unless all of them are known to be other people."""
    # One free user among them is enough to look closer: then several have the address, and who is
    # meant has to be asked.
    return users if any(not index.external_id(user) for user in users) else ()


def _only(users: tuple[int, ...], by: By, code: str, value: str, index: DirectoryIndex) -> Match:
    if len(users) == 1:
        return Match(users[0], by)
    # Left to people: either of them may be the one who must not be written to.
    ids = [index.ids[user] for user in users]
    reason = Reason(code, {"value": value, "users": named(ids)})
    return Match(conflict=Conflict(reason, tuple(ids[:MOST_NAMED])))
