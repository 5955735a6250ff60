"""However managers are wished for, what is taken never makes a circle."""

from __future__ import annotations

import itertools

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from rollcall.directory import services
from rollcall.directory.hierarchy import manager_refusals
from rollcall.directory.models import User, new_id
from rollcall.directory.services import HAND, ManagerChange
from tests.actors import TESTER

PEOPLE = 6
someone = st.integers(0, PEOPLE - 1)
wishes = st.dictionaries(someone, someone | st.none(), max_size=PEOPLE)


def make(number: int) -> list[User]:
    return User.objects.bulk_create(
        User(username=f"person{n}", email=f"person{n}@example.org") for n in range(number)
    )


def managers() -> dict[str, str | None]:
    return dict(User.objects.values_list("id", "manager_id"))


def in_a_circle(above: dict[str, str | None], start: str) -> bool:
    user = above[start]
    for _ in above:
        if user is None or user == start:
            break
        user = above[user]
    return user == start


class Circles(TestCase):
    """Batches of wishes, one after the other, on an organization of a few people."""

    # no deadline: a database answers when it can
    @settings(deadline=None)
    @given(st.lists(wishes, max_size=5))
    def test_no_batch_of_wishes_closes_a_circle(self, batches: list[dict[int, int | None]]) -> None:
        users = make(PEOPLE)
        for batch in batches:
            before = managers()
            changes = [
                ManagerChange(users[who].id, None if boss is None else users[boss].id)
                for who, boss in batch.items()
            ]
            results = services.set_managers(TESTER, HAND, changes)
            after = managers()
            assert not any(in_a_circle(after, user.id) for user in users)
            for change, refused in zip(changes, results, strict=True):
                wished = before[change.user_id] if refused else change.manager_id
                assert after[change.user_id] == wished
            wished_all = {**before, **{one.user_id: one.manager_id for one in changes}}
            if not any(in_a_circle(wished_all, user.id) for user in users):
                assert results == [None] * len(changes)


@pytest.mark.django_db
def test_a_chain_of_two_thousand_is_looked_at_in_one_statement() -> None:
    users = make(2000)
    wishes: dict[str, str | None] = {user.id: boss.id for user, boss in itertools.pairwise(users)}
    assert manager_refusals(wishes) == {}
    services.set_managers(TESTER, HAND, [ManagerChange(*pair) for pair in wishes.items()])
    with CaptureQueriesContext(connection) as statements:
        refusals = manager_refusals({users[-1].id: users[0].id})
    assert refusals[users[-1].id].code == "manager_circle"
    assert len(statements) == 1


@pytest.mark.django_db
def test_a_user_still_to_be_made_may_have_a_manager() -> None:
    [boss] = make(1)
    assert manager_refusals({new_id(): boss.id}) == {}
    assert manager_refusals({boss.id: None}) == {}
