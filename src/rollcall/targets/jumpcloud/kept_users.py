"""The users that were read from the organization, kept on disk to be looked at again."""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields

from rollcall.core.veiled_file import veiled_file
from rollcall.provisioning.numbering import NONE, Numbering
from rollcall.provisioning.user import Origin, State, User

_FIELDS = tuple(entry.name for entry in fields(User))


class KeptUsers:
    """Users in a temporary file that nobody else can read, and which is gone with the process.

    In memory there is nothing of them but their ids and places: reading an organization again
    would take as many requests as the first time.
    """

    def __init__(self) -> None:
        self._file = veiled_file()
        self._ids = Numbering()
        self._places = array("Q")
        self._end = 0

    def keeping(self, users: Iterable[User]) -> Iterator[User]:
        """The same users; each one that has passed is kept."""
        self._file.seek(self._end)
        for user in users:
            # A list that moves while it is read shows somebody twice; the first reading stays.
            if self._ids.add(user.id) == len(self._places):
                self._places.append(self._end)
                self._end += self._file.write(_line(user))
            yield user

    def of(self, user_ids: Sequence[str]) -> Iterator[User]:
        """Those of these users that were kept, in this order."""
        for user_id in user_ids:
            number = self._ids.find(user_id)
            if number != NONE:
                self._file.seek(self._places[number])
                yield _user(self._file.readline())

    def close(self) -> None:
        """Delete what was kept."""
        self._file.close()


def _line(user: User) -> bytes:
    # A line has no names: they are the same for everybody, and a million users are kept.
    return json.dumps([getattr(user, name) for name in _FIELDS]).encode() + b"\n"


def _user(line: bytes) -> User:
    values = dict(zip(_FIELDS, json.loads(line), strict=True))
    known = {"state": State(values["state"]), "origin": Origin(values["origin"])}
    return User(**values | known)
