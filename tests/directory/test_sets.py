"""Changes to all users of a query: right for everyone, and the same statements for any number."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from rollcall.directory import services
from rollcall.directory.models import Membership, User, UserGroup
from rollcall.directory.services import HAND
from rollcall.provisioning.user import State
from tests.actors import TESTER

pytestmark = pytest.mark.django_db


def make(number: int, start: int = 0) -> None:
    """Staged users who came from an import."""
    User.objects.bulk_create(
        User(
            username=f"user{n}",
            email=f"user{n}@example.com",
            provenance={"email": ["personio", "2026-01-01T00:00:00+00:00"]},
        )
        for n in range(start, start + number)
    )


def test_a_state_is_set_with_its_provenance_and_nothing_else_is_touched() -> None:
    make(3)
    User.objects.filter(username="user0").update(state=State.ACTIVATED)
    chosen = User.objects.exclude(username="user2")
    before = timezone.now()
    assert services.set_state(TESTER, HAND, chosen, State.ACTIVATED) == 1
    states = dict(User.objects.values_list("username", "state"))
    assert states == {"user0": "ACTIVATED", "user1": "ACTIVATED", "user2": "STAGED"}
    changed = User.objects.get(username="user1")
    assert changed.provenance == {
        "email": ["personio", "2026-01-01T00:00:00+00:00"],
        "state": ["hand", changed.updated.isoformat()],
    }
    assert changed.updated >= before
    assert "state" not in User.objects.get(username="user0").provenance


def test_users_join_a_group_once_and_leave_it() -> None:
    make(3)
    group = UserGroup.objects.create(name="Everyone")
    Membership.objects.create(group=group, user=User.objects.get(username="user0"))
    everybody = User.objects.all()
    assert services.not_in(group, everybody).count() == 2
    assert services.add_all(TESTER, group, everybody) == 2
    assert services.add_all(TESTER, group, everybody) == 0
    assert Membership.objects.filter(group=group).count() == 3
    assert (
        services.remove_all(TESTER, group, User.objects.filter(username__in=["user0", "user1"]))
        == 2
    )
    assert [one.user.username for one in Membership.objects.select_related("user")] == ["user2"]


def test_the_statements_are_as_many_for_many_as_for_few() -> None:
    group = UserGroup.objects.create(name="Everyone")

    def statements() -> int:
        with CaptureQueriesContext(connection) as queries:
            services.set_state(TESTER, HAND, User.objects.all(), State.SUSPENDED)
            services.add_all(TESTER, group, User.objects.by_name())
            services.remove_all(TESTER, group, User.objects.search("user"))
        return len(queries)

    make(3)
    few = statements()
    make(2000, start=3)
    assert statements() == few
