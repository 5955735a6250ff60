"""Managers are linked in a second pass."""

from __future__ import annotations

import pytest

from rollcall.directory.models import User
from rollcall.provisioning.change import Result
from rollcall.targets.base import Link
from rollcall.targets.builtin.target import BuiltinTarget
from tests.targets.builtin.people import Ledger, employee

pytestmark = pytest.mark.django_db


def link(*links: Link) -> Ledger:
    ledger = Ledger()
    BuiltinTarget("personio").link_managers(links, ledger)
    return ledger


def test_it_sets_and_clears_managers() -> None:
    boss = employee(1)
    team = [employee(n) for n in range(2, 6)]
    free = employee(6, manager=boss)
    ledger = link(*(Link(one.username, one.id, boss.id) for one in team), Link("6", free.id, None))
    assert ledger.outcomes == {}
    assert set(boss.reports.values_list("id", flat=True)) == {one.id for one in team}
    free.refresh_from_db()
    assert free.manager_id is None
    assert free.provenance["manager"][0] == "personio"


def test_only_clearing_works_too() -> None:
    boss = employee(1)
    user = employee(2, manager=boss)
    link(Link("2", user.id, None))
    assert not boss.reports.exists()


def test_a_link_that_is_there_already_is_not_written_again() -> None:
    boss = employee(1)
    user = employee(2, manager=boss)
    link(Link("2", user.id, boss.id))
    assert User.objects.get(id=user.id).updated == user.updated


def test_a_missing_manager_fails_that_link_alone() -> None:
    boss, gone, user, other = (employee(n) for n in range(1, 5))
    gone_id = gone.id
    gone.delete()
    ledger = link(Link("3", user.id, gone_id), Link("4", other.id, boss.id))
    assert set(ledger.outcomes) == {"3"}
    outcome = ledger.outcomes["3"]
    assert outcome.result is Result.FAILED
    assert outcome.error is not None
    assert outcome.error.code == "manager_gone"
    assert list(boss.reports.all()) == [other]


def test_nobody_becomes_their_own_manager() -> None:
    user = employee(1)
    outcome = link(Link("1", user.id, user.id)).outcomes["1"]
    assert outcome.error is not None
    assert outcome.error.code == "own_manager"
    user.refresh_from_db()
    assert user.manager_id is None


def test_a_user_deleted_meanwhile_fails() -> None:
    boss, user = employee(1), employee(2)
    user_id = user.id
    user.delete()
    outcome = link(Link("2", user_id, boss.id)).outcomes["2"]
    assert outcome.error is not None
    assert outcome.error.code == "user_gone"
