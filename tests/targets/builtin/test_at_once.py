"""Two processes that apply at the same moment make nobody twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from rollcall.directory.models import Organization, User
from rollcall.provisioning.change import Change, Result
from rollcall.targets.builtin.target import BuiltinTarget
from tests.targets.builtin.people import Ledger, hire

pytestmark = pytest.mark.django_db(transaction=True)


def apply_at_once(*batches: list[Change]) -> list[Ledger]:
    Organization.the()
    together = Barrier(len(batches))

    def work(changes: list[Change]) -> Ledger:
        ledger = Ledger()
        try:
            together.wait()
            BuiltinTarget("personio").apply(changes, ledger)
        finally:
            connection.close()
        return ledger

    with ThreadPoolExecutor(len(batches)) as pool:
        return list(pool.map(work, batches))


def test_the_same_batch_twice_at_once_makes_everybody_once() -> None:
    changes = [hire(n) for n in range(1, 61)]
    first, second = apply_at_once(changes, changes)
    assert User.objects.count() == 60
    users = [{key: one.user_id for key, one in some.outcomes.items()} for some in (first, second)]
    assert users[0] == users[1]
    for key in first.outcomes:
        results = {first.outcomes[key].result, second.outcomes[key].result}
        assert results == {Result.CREATED, Result.SKIPPED}


def test_two_people_who_want_one_username_at_once_both_get_one() -> None:
    one = [hire(1, username="mara"), *(hire(n) for n in range(10, 30))]
    other = [hire(2, username="mara"), *(hire(n) for n in range(30, 50))]
    apply_at_once(one, other)
    named = User.objects.filter(identities__external_id__in=["1", "2"])
    assert set(named.values_list("username", flat=True)) == {"mara", "mara2"}
    assert User.objects.count() == 42
