"""What a batch costs: as many statements for five hundred as for twenty."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rollcall.directory.groups import add_members, create_group
from rollcall.directory.models import Organization, User
from rollcall.targets.base import Link
from rollcall.targets.builtin.target import BuiltinTarget
from tests.targets.builtin.people import Ledger, change, hire

pytestmark = pytest.mark.django_db


def statements(work: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as captured:
        work()
    return len(captured)


def apply_new(start: int, size: int) -> int:
    changes = [hire(n) for n in range(start, start + size)]
    return statements(lambda: BuiltinTarget().apply(changes, Ledger()))


def apply_updates(size: int) -> int:
    users = list(User.objects.all()[:size])
    changes = [change(user, department=f"Sales {size}") for user in users]
    return statements(lambda: BuiltinTarget().apply(changes, Ledger()))


def link(size: int) -> int:
    boss, *users = User.objects.all()[: size + 1]
    links = [Link(user.external_id or "", user.id, boss.id) for user in users]
    return statements(lambda: BuiltinTarget().link_managers(links, Ledger()))


def test_a_full_batch_takes_no_more_statements_than_a_small_one() -> None:
    Organization.the()
    size = BuiltinTarget.batch_size
    creates = (apply_new(1, 20), apply_new(1000, size))
    updates = (apply_updates(20), apply_updates(size))
    links = (link(20), link(size))
    assert creates[0] == creates[1] <= 5
    assert updates[0] == updates[1] <= 5
    # among them what turns SQLite's looking after references off, which costs more than the links
    assert links[0] == links[1] <= 6


def test_one_bad_record_costs_a_few_statements_more_and_not_one_a_person() -> None:
    Organization.the()
    changes = [hire(n) for n in range(1, 501)]
    changes[250] = hire(251, department="x" * 2000)
    ledger = Ledger()
    spent = statements(lambda: BuiltinTarget().apply(changes, ledger))
    assert len(ledger.outcomes) == 500
    assert spent < 150


def test_reading_all_users_is_one_statement() -> None:
    apply_new(1, 50)
    found: list[object] = []
    assert statements(lambda: found.extend(BuiltinTarget().users())) <= 2
    assert len(found) == 50


def test_putting_many_into_a_group_takes_few_statements() -> None:
    apply_new(1, 500)
    group = create_group("Everyone")
    ids = list(User.objects.values_list("id", flat=True))
    assert statements(lambda: add_members(group, ids)) <= 6
    assert group.members.count() == 500
