"""The user groups of a directory as imports know them: members, and applications bound to them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from rollcall.provisioning.reason import Reason


@dataclass(frozen=True, slots=True)
class Group:
    """A user group. Members of a `dynamic` one are chosen by its own query, not by an import."""

    id: str
    name: str
    description: str = ""
    dynamic: bool = False


@dataclass(frozen=True, slots=True)
class Application:
    """An application that groups can be bound to; `label` is what people see."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class Differences:
    """What bringing a group's members in line did; `failed` says why, by the user's id."""

    added: frozenset[str] = frozenset()
    removed: frozenset[str] = frozenset()
    failed: Mapping[str, Reason] = field(default_factory=dict, hash=False)


class Groups(Protocol):
    """The user groups of one directory; every verb raises as the directory's verbs do, and writes
    the event of what it did."""

    def groups(self) -> Iterator[Group]:
        """Every user group, by name."""
        ...

    def named(self, name: str) -> Group | None:
        """The group with exactly this name."""
        ...

    def create(self, name: str, description: str = "") -> Group:
        """A new group without members; the one that has this name already, if there is one."""
        ...

    def members(self, group_id: str) -> frozenset[str]:
        """The ids of the group's direct members."""
        ...

    def add_members(self, group_id: str, users: Collection[str]) -> Differences:
        """Add those of the users who are not members yet; nobody is removed."""
        ...

    def set_members(self, group_id: str, wanted: Collection[str]) -> Differences:
        """Make exactly these users the group's members, by the differences only."""
        ...

    def applications(self) -> Iterator[Application]:
        """Every application of the organization."""
        ...

    def bound(self, group_id: str) -> frozenset[str]:
        """The ids of the applications that the group is bound to."""
        ...

    def bind(self, group_id: str, application_id: str) -> None:
        """Give the group's members the application; fine where they have it."""
        ...

    def unbind(self, group_id: str, application_id: str) -> None:
        """Take the application from the group's members; fine where they do not have it."""
        ...
