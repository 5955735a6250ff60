"""What a batch costs: as many statements for five hundred as for twenty."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rollcall.directory import services
from rollcall.directory.models import Organization, User, UserGroup
from rollcall.targets.base import Link
from rollcall.targets.builtin.target import BuiltinTarget
from tests.actors import TESTER
from tests.targets.builtin.people import Ledger, change, hire

pytestmark = pytest.mark.django_db


def statements(work: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as captured:
        work()
    return len(captured)


def apply_new(start: int, size: int) -> int:
    changes = [hire(n) for n in range(start, start + size)]
    return statements(lambda: BuiltinTarget("personio").apply(changes, Ledger()))


def apply_updates(size: int) -> int:
    users = list(User.objects.all()[:size])
    changes = [change(user, department=f"Sales {size}") for user in users]
    return statements(lambda: BuiltinTarget("personio").apply(changes, Ledger()))


def link(size: int) -> int:
    boss, *users = User.objects.all()[: size + 1]
    links = [Link(user.username, user.id, boss.id) for user in users]
    return statements(lambda: BuiltinTarget("personio").link_managers(links, Ledger()))


def test_a_thousand_take_no_more_statements_than_twenty() -> None:
    Organization.the()
    # users, identities, events and the change feed: what is taken is asked once, each written once
    creates = (apply_new(1, 20), apply_new(1000, 1000))
    updates = (apply_updates(20), apply_updates(1000))
    links = (link(20), link(1000))
    assert creates[0] == creates[1] <= 10
    assert updates[0] == updates[1] <= 8
    assert links[0] == links[1] <= 8


def test_a_full_batch_takes_no_more_either() -> None:
    Organization.the()
    size = BuiltinTarget.batch_size
    assert size == 2000
    assert apply_new(1, size) <= 10
    assert apply_updates(size) <= 8
    assert link(size - 1) <= 8


def test_one_bad_record_costs_a_few_statements_more_and_not_one_a_person() -> None:
    Organization.the()
    changes = [hire(n) for n in range(1, 501)]
    changes[250] = hire(251, department="x" * 2000)
    ledger = Ledger()
    spent = statements(lambda: BuiltinTarget("personio").apply(changes, ledger))
    assert len(ledger.outcomes) == 500
    assert spent < 150


def test_reading_all_users_is_one_statement() -> None:
    apply_new(1, 50)
    found: list[object] = []
    assert statements(lambda: found.extend(BuiltinTarget("personio").users())) <= 2
    assert len(found) == 50


def test_putting_many_into_a_group_takes_few_statements() -> None:
    apply_new(1, 500)
    group = UserGroup.objects.create(name="Everyone", name_key="everyone")
    ids = list(User.objects.values_list("id", flat=True))
    assert statements(lambda: services.set_members(TESTER, group, add=ids)) <= 8
    assert group.members.count() == 500
