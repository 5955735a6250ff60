"""How long a plan takes, and that it grows with the people and not with their square."""

from __future__ import annotations

import time

from rollcall.provisioning.change import Kind
from rollcall.provisioning.employee import CostCenter, Employee, Supervisor
from rollcall.provisioning.plan import plan
from rollcall.provisioning.rules import Rules
from rollcall.provisioning.user import User
from tests.provisioning.world import employee, user


def test_ten_thousand_changed_employees_against_ten_thousand_users_take_a_second_or_two() -> None:
    size = 10_000
    shares = (CostCenter("Sales", 60.0), CostCenter("Support", 40.0))
    people = [
        employee(str(one), position="Käufer", cost_centers=shares, supervisor=_boss(one))
        for one in range(size)
    ]
    taken = _seconds(people, [user(one) for one in range(size)], Kind.UPDATE)
    assert taken < 5


def test_a_shared_address_of_ten_thousand_is_as_quick() -> None:
    people = [employee(str(one), email="team@example.org") for one in range(10_000)]
    assert _seconds(people, [], Kind.CONFLICT) < 5


def test_values_of_absurd_length_are_as_quick() -> None:
    people = [employee(str(one), position="\x00 e\u0301\n" * 20_000) for one in range(20)]
    assert _seconds(people, [], Kind.CREATE) < 5


def _boss(number: int) -> Supervisor | None:
    return Supervisor(str(number // 10)) if number else None


def _seconds(people: list[Employee], users: list[User], kind: Kind) -> float:
    started = time.process_time()
    made = plan(people, users, Rules())
    assert made.counts == {kind: len(people)}
    return time.process_time() - started
