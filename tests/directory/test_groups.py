"""User groups and the applications that they open."""

from __future__ import annotations

import pytest

from rollcall.directory import groups, services
from rollcall.directory.catalogue import draft
from rollcall.directory.models import Application, UserGroup
from rollcall.directory.services import Difference, NewGroup, Refused
from tests.actors import TESTER
from tests.targets.builtin.people import employee, person

pytestmark = pytest.mark.django_db


def application(name: str = "personio") -> Application:
    made = draft(name)
    made.save()
    return made


def create_group(name: str) -> UserGroup:
    (group,) = services.create_groups(TESTER, [NewGroup(name)])
    assert isinstance(group, UserGroup)
    return group


def add_members(group: UserGroup, ids: list[str]) -> Difference:
    return services.set_members(TESTER, group, add=ids)


def test_members_are_added_and_removed_by_difference() -> None:
    users = [person(n) for n in range(5)]
    group = create_group(" Sales ")
    ids = [user.id for user in users]
    assert set(add_members(group, ids[:3]).added) == set(ids[:3])
    assert set(add_members(group, [*ids, "0" * 24]).added) == set(ids[3:])
    removed = services.set_members(TESTER, group, remove=[ids[0], "0" * 24])
    assert removed == Difference(removed=(ids[0],))
    both = services.set_members(TESTER, group, add=[ids[0]], remove=[ids[1]])
    assert both == Difference((ids[0],), (ids[1],))
    assert set(group.members.values_list("id", flat=True)) == set(ids) - {ids[1]}
    assert group.name == "Sales"


def test_a_group_needs_a_name_of_its_own() -> None:
    create_group("Sales")
    for name in ("Sales", "SALES", " ", "x" * 256):
        (refused,) = services.create_groups(TESTER, [NewGroup(name)])
        assert isinstance(refused, Refused)


def test_a_users_applications_are_what_the_groups_are_bound_to() -> None:
    user, outsider = person(1), person(2)
    first, second = create_group("Sales"), create_group("Kiel")
    for group in (first, second):
        add_members(group, [user.id])
    personio, slack = application(), application("slack")
    bound = services.bind(TESTER, personio, [first, second])
    assert set(bound.added) == {first.id, second.id}
    assert services.bind(TESTER, personio, [first]) == Difference()
    services.bind(TESTER, slack, [second])
    assert list(groups.applications_of(user)) == [personio, slack]
    assert list(groups.users_of(personio)) == [user]
    assert list(groups.applications_of(outsider)) == []
    assert services.unbind(TESTER, slack, [first, second]) == Difference(removed=(second.id,))
    assert list(groups.applications_of(user)) == [personio]


def test_it_finds_the_users_who_reach_no_application() -> None:
    bound, unbound, handmade = employee(1), employee(2), person(3)
    opened, closed = create_group("Opened"), create_group("Closed")
    add_members(opened, [bound.id])
    add_members(closed, [unbound.id])
    personio, slack = application(), application("slack")
    services.bind(TESTER, personio, [opened])
    assert list(groups.users_in_no_bound_group()) == [unbound, handmade]
    assert list(groups.users_in_no_bound_group(personio).imported("personio")) == [unbound]
    assert groups.users_in_no_bound_group(slack).count() == 3
