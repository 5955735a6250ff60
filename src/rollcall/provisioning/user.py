"""The directory's user, with JumpCloud's field names and limits, and the index a plan reads."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


class State(enum.StrEnum):
    """What a user may do: exist only, have access, or have lost it (JumpCloud v1, `state`)."""

    STAGED = "STAGED"
    ACTIVATED = "ACTIVATED"
    SUSPENDED = "SUSPENDED"


@dataclass(frozen=True, slots=True)
class User:
    """One user of the directory.

    `id` is the directory's own id (24 hex digits). `manager` is the id of another user.
    `external_id` is the employee's id at the source, where the directory keeps one for this user.
    Empty texts are `""`; `employeeIdentifier`, `manager` and `external_id` are None where not set,
    since they are unique or references. `attributes` are the custom attributes by name.
    """

    id: str
    username: str
    email: str
    state: State
    firstname: str = ""
    lastname: str = ""
    middlename: str = ""
    displayname: str = ""
    jobTitle: str = ""
    department: str = ""
    company: str = ""
    location: str = ""
    costCenter: str = ""
    employeeType: str = ""
    description: str = ""
    employeeIdentifier: str | None = None
    manager: str | None = None
    external_id: str | None = None
    attributes: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class DirectoryIndex:
    """Every user of a directory, found by the keys that matching and planning ask for.

    E-mails and usernames are indexed in lower case. A key that several users share (a cloud
    directory may allow it) keeps all of them, so that the plan can call it a conflict.
    """

    by_id: Mapping[str, User]
    by_external_id: Mapping[str, tuple[User, ...]]
    by_email: Mapping[str, tuple[User, ...]]
    by_employee_identifier: Mapping[str, tuple[User, ...]]
    usernames: frozenset[str]

    @classmethod
    def of(cls, users: Iterable[User]) -> DirectoryIndex:
        """The index over these users; the order they come in does not matter."""
        by_id: dict[str, User] = {}
        external: dict[str, tuple[User, ...]] = {}
        emails: dict[str, tuple[User, ...]] = {}
        identifiers: dict[str, tuple[User, ...]] = {}
        for user in sorted(users, key=lambda one: one.id):
            by_id[user.id] = user
            if user.external_id:
                _add(external, user.external_id, user)
            if user.email:
                _add(emails, _in_lower_case(user.email), user)
            if user.employeeIdentifier:
                _add(identifiers, user.employeeIdentifier, user)
        return cls(
            by_id=by_id,
            by_external_id=external,
            by_email=emails,
            by_employee_identifier=identifiers,
            usernames=frozenset(_in_lower_case(user.username) for user in by_id.values()),
        )


def _add(index: dict[str, tuple[User, ...]], key: str, user: User) -> None:
    index[key] = (*index.get(key, ()), user)


def _in_lower_case(text: str) -> str:
    """The text in lower case, and itself where it is: of most texts no second copy is kept."""
    lower = text.lower()
    return text if text == lower else lower
