"""User groups of the organization, each change of which is an event of our own audit log."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any, Final

from rollcall.audit.actions import Action
from rollcall.audit.actor import Actor
from rollcall.targets.groups import Application, Differences, Group
from rollcall.targets.jumpcloud.groups import CloudGroups

WHERE: Final = {"directory": "jumpcloud"}


class RecordedGroups:
    """The same groups; the organization's own log is not ours, and does not know who asked us.

    Events call groups and applications as they were last seen here, or else by their ids.
    """

    def __init__(self, groups: CloudGroups, actor: Actor) -> None:
        self._cloud = groups
        self._actor = actor
        self._names: dict[str, str] = {}

    def groups(self) -> Iterator[Group]:
        """Every user group."""
        return map(self._seen, self._cloud.groups())

    def named(self, name: str) -> Group | None:
        """The group with exactly this name."""
        group = self._cloud.named(name)
        return self._seen(group) if group else None

    def create(self, name: str, description: str = "") -> Group:
        """A new static group; the one that has this name already, if there is one."""
        if group := self.named(name):
            return group
        group = self._seen(self._cloud.create(name, description))
        self._record(Action.GROUP_CREATE, group.id, after={"name": name})
        return group

    def members(self, group_id: str) -> frozenset[str]:
        """The ids of the group's direct members."""
        return self._cloud.members(group_id)

    def add_members(self, group_id: str, users: Collection[str]) -> Differences:
        """Add those of the users who are not members yet; nobody is removed."""
        return self._moved(group_id, self._cloud.add_members(group_id, users))

    def set_members(self, group_id: str, wanted: Collection[str]) -> Differences:
        """Make exactly these users the group's members: one call for each difference."""
        return self._moved(group_id, self._cloud.set_members(group_id, wanted))

    def applications(self) -> Iterator[Application]:
        """Every application of the organization."""
        for application in self._cloud.applications():
            self._names[application.id] = application.label
            yield application

    def bound(self, group_id: str) -> frozenset[str]:
        """The ids of the applications that the group is bound to."""
        return self._cloud.bound(group_id)

    def bind(self, group_id: str, application_id: str) -> None:
        """Give the group's members the application; fine where they have it."""
        if application_id in self.bound(group_id):
            return
        self._cloud.bind(group_id, application_id)
        after = {"application": self._names.get(application_id, application_id)}
        self._record(Action.APPLICATION_BIND, group_id, after=after)

    def unbind(self, group_id: str, application_id: str) -> None:
        """Take the application from the group's members; fine where they do not have it."""
        if application_id not in self.bound(group_id):
            return
        self._cloud.unbind(group_id, application_id)
        before = {"application": self._names.get(application_id, application_id)}
        self._record(Action.APPLICATION_UNBIND, group_id, before=before)

    def _moved(self, group_id: str, done: Differences) -> Differences:
        if done.added:
            after = {"members added": len(done.added)}
            self._record(Action.GROUP_MEMBER_ADD, group_id, after=after)
        if done.removed:
            after = {"members removed": len(done.removed)}
            self._record(Action.GROUP_MEMBER_REMOVE, group_id, after=after)
        return done

    def _seen(self, group: Group) -> Group:
        self._names[group.id] = group.name
        return group

    def _record(
        self,
        action: Action,
        group_id: str,
        before: dict[str, Any] | None = None,
        after: dict[str, Any] | None = None,
    ) -> None:
        # The schema of the settings is read through this package, before there are any models.
        from rollcall.audit.recording import Target, record

        target = Target("user_group", group_id, self._names.get(group_id, ""))
        record(self._actor, action, target, before=before, after={**WHERE, **(after or {})})
