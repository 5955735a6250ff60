"""The employees of an import as columns of numbers: what decisions about several of them need."""

from __future__ import annotations

import enum
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

from rollcall.provisioning.change import Kind
from rollcall.provisioning.desired_user import Email, Keys
from rollcall.provisioning.directory_index import DirectoryIndex
from rollcall.provisioning.employee import Supervisor, Text, Unknown
from rollcall.provisioning.employee_ids import id_order, is_valid_id
from rollcall.provisioning.lifecycle import NOT_WORKING, WORKING, status_word
from rollcall.provisioning.matching import By, Clash, Conflict, Match
from rollcall.provisioning.numbering import NONE, Holders, Numbering
from rollcall.provisioning.reason import Reason

EMPTY: Final = -2
"""In place of an identifier or a supervisor: the source says that there is none."""

LEFT_ALONE: Final = frozenset({Kind.SKIP, Kind.INVALID})
"""The decisions that make no user and write to none."""

_CLAIMS, _WRITES, _WORKS, _AWAY, _LACKS_EMAIL = 1, 2, 4, 8, 16


class Key(enum.Enum):
    """What only one employee can have, besides a user."""

    EMAIL = "email"
    IDENTIFIER = "employeeIdentifier"


_COLUMNS_OF: Final = {
    Key.EMAIL: ("_emails", By.EMAIL),
    Key.IDENTIFIER: ("_identifiers", By.EMPLOYEE_IDENTIFIER),
}


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
        self._behind: dict[tuple[Key, int], int] = {}
        self._before: defaultdict[int, list[int]] = defaultdict(list)
        self._replaced: dict[int, int] = {}
        self._why_same: dict[int, Reason] = {}
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
        self._fates.append(_fate(decided) | _standing(keys))
        self._supervisors.append(self._supervisor(keys.supervisor))
        email, identifier = keys.claimed_email, keys.identifier
        self._emails.append(NONE if email is None else self.emails.add(email))
        self._identifiers.append(self._identifier(identifier))
        if match.conflict is not None:
            self._conflicts[employee] = match.conflict
        if match.user != NONE:
            self._of_user.add(match.user, employee)
        # An employee whose id cannot be kept gets no user, and must not stand in anybody's way.
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
        return next((employee for employee in owners if self._users[employee] == user), NONE)

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
        conflict = self._conflicts.get(employee)
        # A clash is kept once for all who are in it, and worded for each only when it is asked for.
        return conflict.of(self.ids[employee]) if isinstance(conflict, Clash) else conflict

    def put_in_conflict(self, employee: int, conflict: Clash | Conflict) -> None:
        """The first conflict counts; only a user that carries the employee is still its own."""
        self._conflicts.setdefault(employee, conflict)
        if self.matched_by(employee) is not By.ID:
            self._let_go(employee)

    def works(self, employee: int) -> bool:
        """Whether the source says that the employee is at work or about to begin."""
        return self._fates[employee] & _WORKS != 0

    def is_away(self, employee: int) -> bool:
        """Whether the source says that the employee is not at work (left, on leave)."""
        return self._fates[employee] & _AWAY != 0

    def lacks_email(self, employee: int) -> bool:
        """Whether the source says that the employee has no e-mail, or none of use."""
        return self._fates[employee] & _LACKS_EMAIL != 0

    def step_back(self, employee: int, key: Key, other: int) -> None:
        """Leave an e-mail or identifier that both have to the other one, with whom it matches."""
        column, by = _COLUMNS_OF[key]
        getattr(self, column)[employee] = NONE
        # The number goes from the column, so that `sharing` and `email` know nothing of it any
        # more.
        self._behind[key, employee] = other
        if key is Key.EMAIL:
            self._before[other].append(employee)
        if self.matched_by(employee) is by:
            self._let_go(employee)
            self._fates[employee] &= ~_WRITES

    def stands_behind(self, employee: int, key: Key) -> int:
        """For whom the employee has stepped back from this key; `NONE` for nobody."""
        return self._behind.get((key, employee), NONE)

    def behind(self, employee: int) -> Sequence[int]:
        """Those who have left their e-mail to this employee."""
        return self._before.get(employee, ())

    def take_over(self, employee: int, user: int, why: Reason) -> None:
        """Let the employee be the person whose user this is, and whoever had it until now not."""
        if (owner := self.owner(user)) != NONE:
            self._let_go(owner)
            # The older record claims nothing: its e-mail and identifier are free for the newer one.
            self._fates[owner] = 0
            self._replaced[owner] = employee
        self._users[employee] = user
        self._matched_by[employee] = By.SAME_PERSON.value
        self._of_user.add(user, employee)
        self._why_same[employee] = why

    def replaced_by(self, employee: int) -> int:
        """Who is taken for the same person and gets this employee's user; `NONE` for nobody."""
        return self._replaced.get(employee, NONE)

    def why_same(self, employee: int) -> Reason | None:
        """Why the employee is taken for the person whose user it gets, if it is."""
        return self._why_same.get(employee)

    def contender(self, employee: int) -> int:
        """Who is at work and goes without a user although this employee's may be theirs, by the
        e-mail of either; `NONE` for nobody."""
        user = self._users[employee]
        candidates = [self.stands_behind(employee, Key.EMAIL)]
        if user != NONE and (email := self.index.email(user)) != NONE:
            candidates += self._with_email.of(email)
        lacking = [other for other in candidates if other != NONE and self._lacks(other)]
        return min(lacking, key=lambda other: id_order(self.ids[other]), default=NONE)

    def _lacks(self, employee: int) -> bool:
        without = self._users[employee] == NONE and not self.is_created(employee)
        return without and self.works(employee)

    def _let_go(self, employee: int) -> None:
        self._users[employee] = NONE
        self._matched_by[employee] = 0

    def sharing(self, key: Key) -> Iterator[tuple[int, list[int]]]:
        """Each e-mail or identifier that several claim, by number, and who they are."""
        column = getattr(self, _COLUMNS_OF[key][0])
        holders = self._with_email if key is Key.EMAIL else self._with_identifier
        for number, employees in holders.shared():
            claiming = [employee for employee in employees if column[employee] == number]
            if len(claiming) > 1:
                yield number, claiming

    def clashes(self) -> Iterator[tuple[Clash, list[int]]]:
        """Those who met at one user by different keys, then those who share a key."""
        for user, employees in self._of_user.shared():
            meeting = [employee for employee in employees if self._users[employee] == user]
            if len(meeting) > 1:
                user_id = self.index.ids[user]
                yield self.clash("claim_one_user", {"user": user_id}, meeting, (user_id,))
        for email, employees in self.sharing(Key.EMAIL):
            yield self.clash("email_shared", {"value": self.emails[email]}, employees)
        for identifier, employees in self.sharing(Key.IDENTIFIER):
            params = {"value": self.identifiers[identifier]}
            yield self.clash("identifier_shared", params, employees)

    def clash(
        self, code: str, params: dict[str, str], employees: list[int], users: tuple[str, ...] = ()
    ) -> tuple[Clash, list[int]]:
        """The clash of these employees, and who they are."""
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
        # Thousands have the same supervisor: one object for them all.
        number = self._number_of_supervisor.setdefault(supervisor, len(self.supervisors))
        if number == len(self.supervisors):
            self.supervisors.append(supervisor)
        return number


def _standing(keys: Keys) -> int:
    word = status_word(keys.status)
    at_work = _WORKS if word in WORKING else _AWAY if word in NOT_WORKING else 0
    return at_work | (_LACKS_EMAIL if keys.email_is in (Email.EMPTY, Email.INVALID) else 0)


def _fate(decided: Kind | None) -> int:
    if decided is Kind.INVALID:
        return 0
    return _CLAIMS if decided in LEFT_ALONE else _CLAIMS | _WRITES
