"""What the writing verbs are given and give back: drafts, changes, and objects or refusals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from rollcall.core.refusal import Refusal
from rollcall.directory.models import Application, User, UserGroup
from rollcall.directory.uniqueness import Identity

HAND: Final = "hand"
"""The source (`User.provenance`) of what a person has written."""

API: Final = "api"
"""The source of what a client of the API has written."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Why one object was not written, in all that is wrong with it."""

    refusals: tuple[Refusal, ...]

    @property
    def codes(self) -> frozenset[str]:
        """The codes of the refusals."""
        return frozenset(refusal.code for refusal in self.refusals)


@dataclass(frozen=True, slots=True)
class NewUser:
    """A user to make: values by the directory's field names (`manager` is a user's id).

    Without `state` among them the user is staged. `creation_source` is JumpCloud's word for where
    the user comes from; `identity` who the user is at the source of an import.
    """

    values: Mapping[str, Any]
    creation_source: str = "jumpcloud:manual"
    identity: Identity | None = None


@dataclass(frozen=True, slots=True)
class UserChange:
    """What a user is to have from now on; fields that are not among the values stay.

    `attributes.<name>` sets one custom attribute (empty: removes it), `attributes` all of them.
    """

    id: str
    values: Mapping[str, Any]
    identity: Identity | None = None


@dataclass(frozen=True, slots=True)
class ManagerChange:
    """The manager that a user is to have; None takes the manager away.

    `seen` is the manager whom the writer saw, in a tuple of one; another one by now is left alone.
    """

    user_id: str
    manager_id: str | None
    seen: tuple[str | None] | None = None


@dataclass(frozen=True, slots=True)
class NewGroup:
    """A user group to make."""

    name: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class GroupChange:
    """What a user group is to have from now on: `name`, `description`."""

    id: str
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class NewApplication:
    """An application to make: values by the model's field names; `name` is the template's."""

    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ApplicationChange:
    """What an application is to have from now on; `active` turns it on and off."""

    id: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Difference:
    """Who came and who went, by id: users of a group, or groups of an application."""

    added: tuple[str, ...] = field(default=())
    removed: tuple[str, ...] = field(default=())

    def __bool__(self) -> bool:
        return bool(self.added or self.removed)


UserResult: TypeAlias = "User | Refused"
GroupResult: TypeAlias = "UserGroup | Refused"
ApplicationResult: TypeAlias = "Application | Refused"

GONE: Final = Refused((Refusal("", "gone"),))
"""What an object that is no longer there is answered with."""
