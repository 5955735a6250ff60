"""What a plan has to know of every user of a directory, as columns of numbers."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from rollcall.core.user_fields import ATTRIBUTE_PREFIX, PLAIN_TEXTS
from rollcall.provisioning.numbering import NONE, Holders, Numbering
from rollcall.provisioning.user import State, User

_STATES: Final = tuple(State)
_NOBODY: Final = len(_STATES)
"""In place of a state: somebody's manager who is (so far) no user of the directory."""

_EMPTIABLE: Final = (*PLAIN_TEXTS, "employeeIdentifier", "manager")


class DirectoryIndex:
    """Every user of a directory, found by the keys that matching and planning ask for.

    A user is a number here, and all that is kept of one is keys and the state: of a million users
    not one object. E-mails and usernames are kept in lower case. A key that several users share (a
    cloud directory may allow it) keeps all of them, so that the plan can call it a conflict.
    """

    def __init__(self) -> None:
        self.ids = Numbering()
        self.emails = Numbering()
        self.usernames = Numbering()
        self.identifiers = Numbering()
        self.external_ids = Numbering()
        self._states = bytearray()
        self._managers = array("i")
        self._email_of = array("i")
        self._identifier_of = array("i")
        self._external_id_of = array("i")
        self._by_email = Holders()
        self._by_identifier = Holders()
        self._by_external_id = Holders()
        self.linked_count = 0
        self.linked_at_work = 0
        self.linked_with: Counter[str] = Counter()

    @classmethod
    def of(cls, users: Iterable[User]) -> DirectoryIndex:
        """The index over these users; they are read one after the other and not kept."""
        index = cls()
        for user in users:
            index._add(user)
        return index

    def __len__(self) -> int:
        """How many numbers there are: of users, and of managers who are none."""
        return len(self.ids)

    def state(self, user: int) -> State:
        """What this user may do."""
        return _STATES[self._states[user]]

    def manager(self, user: int) -> int:
        """The number of this user's manager; `NONE` for none."""
        return self._managers[user]

    def email(self, user: int) -> int:
        """The number of this user's e-mail among `emails`; `NONE` for none."""
        return self._email_of[user]

    def identifier(self, user: int) -> int:
        """The number of this user's employee identifier among `identifiers`; `NONE` for none."""
        return self._identifier_of[user]

    def external_id(self, user: int) -> str:
        """The employee id that this user carries; empty for none."""
        number = self._external_id_of[user]
        return "" if number == NONE else self.external_ids[number]

    def with_email(self, email: int) -> tuple[int, ...]:
        """The users with the e-mail of this number."""
        return self._in_order(self._by_email.of(email))

    def with_identifier(self, identifier: int) -> tuple[int, ...]:
        """The users with the employee identifier of this number."""
        return self._in_order(self._by_identifier.of(identifier))

    def carrying(self, employee_id: str) -> tuple[int, ...]:
        """The users that carry this employee."""
        return self._in_order(self._by_external_id.of(self.external_ids.find(employee_id)))

    def linked(self) -> Iterable[int]:
        """The users that carry an employee."""
        return (user for user, number in enumerate(self._external_id_of) if number != NONE)

    def _add(self, user: User) -> None:
        number = self._number_of(user.id)
        self._states[number] = _STATES.index(user.state)
        if user.manager is not None:
            self._managers[number] = self._number_of(user.manager)
        # Usernames are only ever asked whether they are taken: nobody needs to know by whom.
        self.usernames.add(user.username.lower())
        if user.email:
            self._email_of[number] = email = self.emails.add(user.email.lower())
            self._by_email.add(email, number)
        if user.employeeIdentifier:
            identifier = self.identifiers.add(user.employeeIdentifier)
            self._identifier_of[number] = identifier
            self._by_identifier.add(identifier, number)
        # What the brakes of a plan count: users of other origin are nothing that this source could
        # take away.
        if user.external_id:
            self._external_id_of[number] = external = self.external_ids.add(user.external_id)
            self._by_external_id.add(external, number)
            self._count(user)

    def _count(self, user: User) -> None:
        """Count a user that carries an employee, and its values."""
        self.linked_count += 1
        self.linked_at_work += user.state is not State.SUSPENDED
        self.linked_with.update(filled_fields(user))

    def _number_of(self, user_id: str) -> int:
        """The number of this id; a manager may be met before the user, or be none at all."""
        number = self.ids.add(user_id)
        # Columns grow together: a number is the place in every one of them.
        if number == len(self._states):
            self._states.append(_NOBODY)
            for column in self._columns():
                column.append(NONE)
        return number

    def _in_order(self, users: tuple[int, ...]) -> tuple[int, ...]:
        """These users by their ids, whatever order they came in."""
        return users if len(users) < 2 else tuple(sorted(users, key=self.ids.__getitem__))

    def _columns(self) -> Sequence[array[int]]:
        return (self._managers, self._email_of, self._identifier_of, self._external_id_of)


def filled_fields(user: User) -> tuple[str, ...]:
    """The fields in which the user has a value that an import could take, by their names."""
    fields = [name for name in _EMPTIABLE if getattr(user, name)]
    if user.attributes:
        fields += [f"{ATTRIBUTE_PREFIX}{name}" for name, value in user.attributes.items() if value]
    return tuple(fields)
