"""The employees of an import as columns of numbers: what decisions about several of them need."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterator
from typing import Final

from rollcall.provisioning.change import Kind
from rollcall.provisioning.desired_user import Keys
from rollcall.provisioning.directory_index import DirectoryIndex
from rollcall.provisioning.employee import Supervisor, Text, Unknown
from rollcall.provisioning.employee_ids import id_order, is_valid_id
from rollcall.provisioning.matching import By, Clash, Conflict, Match
from rollcall.provisioning.numbering import NONE, Holders, Numbering

EMPTY: Final = -2
"""In place of an identifier or a supervisor: the source says that there is none."""

LEFT_ALONE: Final = frozenset({Kind.SKIP, Kind.INVALID})
"""The decisions that make no user and write to none."""

_CLAIMS, _WRITES = 1, 2


class Roster:
    """Who is listed, matched with which user, claiming what: an employee is a number here.

    Some 60 bytes an employee. Numbers are given in the order in which employees come; `in_order`
    is that of their ids.
    """

    def __init__(self, index: DirectoryIndex) -> None:
        self.index = index
        self.ids = Numbering()
        self.emails = Numbering(index.emails)
        self.identifiers = Numbering(index.identifiers)
        self.supervisors: list[Supervisor] = []
        self.statuses: Counter[Text] = Counter()
        self._number_of_supervisor: dict[Supervisor, int] = {}
        self._users = array("i")
        self._emails = array("i")
        self._identifiers = array("i")
        self._supervisors = array("i")
        self._matched_by = bytearray()
        self._fates = bytearray()
        self._conflicts: dict[int, Clash | Conflict] = {}
        self._of_user = Holders()
        self._with_email = Holders()
        self._with_identifier = Holders()

    def __len__(self) -> int:
        return len(self.ids)

    def add(self, keys: Keys, match: Match, decided: Kind | None) -> None:
        """One more employee, its own match, and the kind of change if nobody else were there.

        Raises:
            ValueError: an employee with this id is in the roster already.
        """
        employee = self.ids.add(keys.id)
        if employee < len(self._users):
            raise ValueError("an employee is listed twice; which record counts is to be decided")
        self.statuses[keys.status] += 1
        self._users.append(match.user)
        self._matched_by.append(match.by.value if match.by else 0)
        # Two bits and not the kind: a million of objects would not fit, and nothing else is asked
        # of it.
        self._fates.append(_fate(decided))
        self._supervisors.append(self._supervisor(keys.supervisor))
        email, identifier = keys.claimed_email, keys.identifier
        self._emails.append(NONE if email is None else self.emails.add(email))
        self._identifiers.append(self._identifier(identifier))
        if match.conflict is not None:
            self._conflicts[employee] = match.conflict
        if match.user != NONE:
            self._of_user.add(match.user, employee)
        if is_valid_id(keys.id):
            if email is not None:
                self._with_email.add(self._emails[employee], employee)
            if identifier:
                self._with_identifier.add(self._identifiers[employee], employee)

    def in_order(self) -> array[int]:
        """Everybody in the order of their ids."""
        return array("i", sorted(range(len(self)), key=lambda number: id_order(self.ids[number])))

    def user(self, employee: int) -> int:
        """The number of the user that the employee is; `NONE` for none."""
        return self._users[employee]

    def owner(self, user: int) -> int:
        """The employee that this user is; `NONE` for none."""
        owners = self._of_user.of(user)
        # Those put into conflict have let go of the user, and are still listed among its holders.
        return next((one for one in owners if self._users[one] == user), NONE)

    def matched_by(self, employee: int) -> By | None:
        """What the employee and its user were matched by."""
        value = self._matched_by[employee]
        return By(value) if value else None

    def email(self, employee: int) -> int:
        """The number of the claimed e-mail among `emails`; `NONE` where none can be claimed."""
        return self._emails[employee]

    def identifier(self, employee: int) -> int:
        """The number of the identifier among `identifiers`, `EMPTY`, or `NONE` for unknown."""
        return self._identifiers[employee]

    def supervisor(self, employee: int) -> int:
        """The place of the supervisor among `supervisors`, `EMPTY`, or `NONE` for unknown."""
        return self._supervisors[employee]

    def claims(self, employee: int) -> bool:
        """Whether the employee may hold an e-mail and an identifier at all."""
        return employee not in self._conflicts and self._fates[employee] & _CLAIMS != 0

    def is_written(self, employee: int) -> bool:
        """Whether the plan makes this employee's user or writes to it."""
        return employee not in self._conflicts and self._fates[employee] & _WRITES != 0

    def is_created(self, employee: int) -> bool:
        """Whether the plan makes this employee's user."""
        return self._users[employee] == NONE and self.is_written(employee)

    def conflict(self, employee: int) -> Conflict | None:
        """Why the employee is left alone, if it is because of others."""
        found = self._conflicts.get(employee)
        return found.of(self.ids[employee]) if isinstance(found, Clash) else found

    def put_in_conflict(self, employee: int, conflict: Clash | Conflict) -> None:
        """The first conflict counts; only a user that carries the employee is still its own."""
        self._conflicts.setdefault(employee, conflict)
        if self.matched_by(employee) is not By.ID:
            self._users[employee] = NONE
            self._matched_by[employee] = 0

    def clashes(self) -> Iterator[tuple[Clash, list[int]]]:
        """Those who met at one user by different keys, then those who share a key."""
        for user, employees in self._of_user.shared():
            user_id = self.index.ids[user]
            yield self._clash("claim_one_user", {"user": user_id}, employees, (user_id,))
        for email, employees in self._with_email.shared():
            yield self._clash("email_shared", {"value": self.emails[email]}, employees)
        for identifier, employees in self._with_identifier.shared():
            params = {"value": self.identifiers[identifier]}
            yield self._clash("identifier_shared", params, employees)

    def _clash(
        self, code: str, params: dict[str, str], employees: list[int], users: tuple[str, ...] = ()
    ) -> tuple[Clash, list[int]]:
        ids = [self.ids[employee] for employee in employees]
        return Clash.among(ids, code, params, users), employees

    def _identifier(self, identifier: str | None) -> int:
        if identifier is None:
            return NONE
        return self.identifiers.add(identifier) if identifier else EMPTY

    def _supervisor(self, supervisor: Supervisor | Unknown | None) -> int:
        if isinstance(supervisor, Unknown):
            return NONE
        if supervisor is None:
            return EMPTY
        number = self._number_of_supervisor.setdefault(supervisor, len(self.supervisors))
        if number == len(self.supervisors):
            self.supervisors.append(supervisor)
        return number


def _fate(decided: Kind | None) -> int:
    if decided is Kind.INVALID:
        return 0
    return _CLAIMS if decided in LEFT_ALONE else _CLAIMS | _WRITES
