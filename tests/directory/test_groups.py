"""User groups and the applications that they open."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from rollcall.directory import groups
from rollcall.directory.catalogue import draft
from rollcall.directory.groups import Difference
from rollcall.directory.models import Application
from tests.targets.builtin.people import employee, person

pytestmark = pytest.mark.django_db


def application(name: str = "personio") -> Application:
    made = draft(name)
    made.save()
    return made


def test_members_are_added_and_removed_by_difference() -> None:
    users = [person(n) for n in range(5)]
    group = groups.create_group(" Sales ")
    ids = [user.id for user in users]
    assert groups.add_members(group, ids[:3]) == Difference(added=3)
    assert groups.add_members(group, [*ids, "0" * 24]) == Difference(added=2)
    assert groups.remove_members(group, [ids[0], "0" * 24]) == Difference(removed=1)
    assert groups.set_members(group, add=[ids[0]], remove=[ids[1]]) == Difference(1, 1)
    assert set(group.members.values_list("id", flat=True)) == set(ids) - {ids[1]}
    assert group.name == "Sales"


def test_a_group_needs_a_name_of_its_own() -> None:
    groups.create_group("Sales")
    for name in ("Sales", " ", "x" * 256):
        with pytest.raises(ValidationError):
            groups.create_group(name)


def test_a_users_applications_are_what_the_groups_are_bound_to() -> None:
    user, outsider = person(1), person(2)
    first, second = groups.create_group("Sales"), groups.create_group("Kiel")
    for group in (first, second):
        groups.add_members(group, [user.id])
    personio, slack = application(), application("slack")
    assert groups.bind(personio, [first, second]) == Difference(added=2)
    assert groups.bind(personio, [first]) == Difference()
    groups.bind(slack, [second])
    assert list(groups.applications_of(user)) == [personio, slack]
    assert list(groups.users_of(personio)) == [user]
    assert list(groups.applications_of(outsider)) == []
    assert groups.unbind(slack, [first, second]) == Difference(removed=1)
    assert list(groups.applications_of(user)) == [personio]


def test_it_finds_the_users_who_reach_no_application() -> None:
    bound, unbound, handmade = employee(1), employee(2), person(3)
    opened, closed = groups.create_group("Opened"), groups.create_group("Closed")
    groups.add_members(opened, [bound.id])
    groups.add_members(closed, [unbound.id])
    personio, slack = application(), application("slack")
    groups.bind(personio, [opened])
    assert list(groups.users_in_no_bound_group()) == [unbound, handmade]
    assert list(groups.users_in_no_bound_group(personio, source="personio")) == [unbound]
    assert groups.users_in_no_bound_group(slack).count() == 3
