"""Two writers at the same moment: whoever is later is refused, and never meets an error."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

import pytest
from django.db import connection

from rollcall.directory import services
from rollcall.directory.models import User, UserGroup
from rollcall.directory.services import HAND, ManagerChange, NewGroup, NewUser, Refused
from tests.actors import TESTER
from tests.targets.builtin.people import person

pytestmark = pytest.mark.django_db(transaction=True)
T = TypeVar("T")


def at_once(*works: Callable[[], T]) -> list[T]:
    together = Barrier(len(works))

    def carry_out(work: Callable[[], T]) -> T:
        try:
            together.wait()
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(carry_out, works))


def test_one_email_wanted_twice_at_once_has_one_user_and_a_refusal() -> None:
    def make(start: int) -> list[services.UserResult]:
        wanted = [NewUser({"username": "mara", "email": "mara@example.org"})]
        others = [
            NewUser({"username": f"person{n}", "email": f"person{n}@example.org"})
            for n in range(start, start + 20)
        ]
        return services.create_users(TESTER, HAND, [*others[:10], *wanted, *others[10:]])

    results = at_once(lambda: make(100), lambda: make(200))
    assert User.objects.count() == 41
    [refused] = [one for some in results for one in some if isinstance(one, Refused)]
    assert {(one.field, one.code) for one in refused.refusals} == {
        ("username", "taken"),
        ("email", "taken"),
    }


def test_one_group_name_wanted_twice_at_once_has_one_group() -> None:
    results = at_once(
        lambda: services.create_groups(TESTER, [NewGroup("Sales")]),
        lambda: services.create_groups(TESTER, [NewGroup("SALES")]),
    )
    assert UserGroup.objects.count() == 1
    assert sorted(isinstance(one, Refused) for [one] in results) == [False, True]


def test_two_halves_of_a_circle_at_once_do_not_close_it() -> None:
    one, other = person(1), person(2)
    results = at_once(
        lambda: services.set_managers(TESTER, HAND, [ManagerChange(one.id, other.id)]),
        lambda: services.set_managers(TESTER, HAND, [ManagerChange(other.id, one.id)]),
    )
    assert sorted(refused is None for [refused] in results) == [False, True]


def test_the_same_members_joined_twice_at_once_are_in_the_group_once() -> None:
    [group] = services.create_groups(TESTER, [NewGroup("Sales")])
    assert isinstance(group, UserGroup)
    ids = [person(n).id for n in range(30)]
    first, second = at_once(
        lambda: services.set_members(TESTER, group, add=ids),
        lambda: services.set_members(TESTER, group, add=ids),
    )
    assert {len(first.added), len(second.added)} == {0, 30}
    assert group.members.count() == 30
