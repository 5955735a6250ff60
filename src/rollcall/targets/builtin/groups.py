"""The built-in directory's user groups behind the port that imports know."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from rollcall.audit.actor import Actor
from rollcall.core.text import fold
from rollcall.directory import models, services
from rollcall.directory.services import NewGroup, Refused
from rollcall.targets.errors import TargetRefused
from rollcall.targets.groups import Application, Differences, Group


class BuiltinGroups:
    """User groups, their members and applications, in statements over sets."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor

    def groups(self) -> Iterator[Group]:
        """Every user group, by name."""
        return (_group(row) for row in models.UserGroup.objects.order_by("name"))

    def named(self, name: str) -> Group | None:
        """The group of this name, whatever the case it is written in."""
        row = models.UserGroup.objects.filter(name_key=fold(name)).first()
        return _group(row) if row else None

    def create(self, name: str, description: str = "") -> Group:
        """A new group; the one that has this name already, if there is one.

        Raises:
            TargetRefused: the name or the description is refused by the directory's rules.
        """
        # Asked first: an import that is carried out again must not make the group twice.
        if (group := self.named(name)) is not None:
            return group
        [made] = services.create_groups(self.actor, [NewGroup(name, description)])
        if isinstance(made, Refused):
            wrong = " ".join(refusal.text() for refusal in made.refusals)
            raise TargetRefused(f"the user group cannot be made: {wrong}")
        return _group(made)

    def members(self, group_id: str) -> frozenset[str]:
        """The ids of the group's members."""
        rows = models.Membership.objects.filter(group_id=group_id)
        return frozenset(rows.values_list("user_id", flat=True))

    def add_members(self, group_id: str, users: Collection[str]) -> Differences:
        """Add those of the users who are not members yet; ids of nobody are left out."""
        change = services.set_members(self.actor, _stored(group_id), add=users)
        return Differences(added=frozenset(change.added))

    def set_members(self, group_id: str, wanted: Collection[str]) -> Differences:
        """Make exactly these users the group's members."""
        change = services.replace_members(self.actor, _stored(group_id), wanted)
        return Differences(frozenset(change.added), frozenset(change.removed))

    def applications(self) -> Iterator[Application]:
        """Every application, by label."""
        rows = models.Application.objects.order_by("displayLabel", "id")
        return (Application(row.id, row.displayLabel) for row in rows)

    def bound(self, group_id: str) -> frozenset[str]:
        """The ids of the applications that the group is bound to."""
        rows = models.Association.objects.filter(group_id=group_id)
        return frozenset(rows.values_list("application_id", flat=True))

    def bind(self, group_id: str, application_id: str) -> None:
        """Give the group's members the application."""
        services.bind(self.actor, _application(application_id), [_stored(group_id)])

    def unbind(self, group_id: str, application_id: str) -> None:
        """Take the application from the group's members."""
        services.unbind(self.actor, _application(application_id), [_stored(group_id)])


def _stored(group_id: str) -> models.UserGroup:
    return models.UserGroup.objects.get(pk=group_id)


def _application(application_id: str) -> models.Application:
    return models.Application.objects.get(pk=application_id)


def _group(row: models.UserGroup) -> Group:
    return Group(row.id, row.name, row.description)
