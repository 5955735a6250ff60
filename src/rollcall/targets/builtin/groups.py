"""The built-in directory's user groups behind the port that imports know."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from django.db import transaction

from rollcall.directory import groups, models
from rollcall.targets.groups import Application, Differences, Group


class BuiltinGroups:
    """User groups, their members and applications, in statements over sets."""

    def groups(self) -> Iterator[Group]:
        """Every user group, by name."""
        return (_group(one) for one in models.UserGroup.objects.order_by("name"))

    def named(self, name: str) -> Group | None:
        """The group with exactly this name."""
        found = models.UserGroup.objects.filter(name=name).first()
        return _group(found) if found else None

    def create(self, name: str, description: str = "") -> Group:
        """A new group; the one that has this name already, if there is one.

        Raises:
            ValidationError: the name is empty or too long.
        """
        return self.named(name.strip()) or _group(groups.create_group(name, description))

    def members(self, group_id: str) -> frozenset[str]:
        """The ids of the group's members."""
        found = models.Membership.objects.filter(group_id=group_id)
        return frozenset(found.values_list("user_id", flat=True))

    def add_members(self, group_id: str, users: Collection[str]) -> Differences:
        """Add those of the users who are not members yet; ids of nobody are left out."""
        return self._change(group_id, add=users)

    def set_members(self, group_id: str, wanted: Collection[str]) -> Differences:
        """Make exactly these users the group's members."""
        return self._change(group_id, add=wanted, keep=wanted)

    def applications(self) -> Iterator[Application]:
        """Every application, by label."""
        found = models.Application.objects.order_by("displayLabel", "id")
        return (Application(one.id, one.displayLabel) for one in found)

    def bound(self, group_id: str) -> frozenset[str]:
        """The ids of the applications that the group is bound to."""
        found = models.Association.objects.filter(group_id=group_id)
        return frozenset(found.values_list("application_id", flat=True))

    def bind(self, group_id: str, application_id: str) -> None:
        """Give the group's members the application."""
        groups.bind(_application(application_id), [_stored(group_id)])

    def unbind(self, group_id: str, application_id: str) -> None:
        """Take the application from the group's members."""
        groups.unbind(_application(application_id), [_stored(group_id)])

    @transaction.atomic
    def _change(
        self, group_id: str, add: Collection[str], keep: Collection[str] | None = None
    ) -> Differences:
        before = self.members(group_id)
        leaving = before - frozenset(keep) if keep is not None else frozenset()
        groups.set_members(_stored(group_id), add=add, remove=leaving)
        after = self.members(group_id)
        return Differences(added=after - before, removed=before - after)


def _stored(group_id: str) -> models.UserGroup:
    return models.UserGroup.objects.get(pk=group_id)


def _application(application_id: str) -> models.Application:
    return models.Application.objects.get(pk=application_id)


def _group(one: models.UserGroup) -> Group:
    return Group(one.id, one.name, one.description)
