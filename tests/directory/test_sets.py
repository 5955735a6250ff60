"""Changes to all users of a query: right for everyone, and the same statements for any number."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rollcall.directory import services
from rollcall.directory.models import Membership, User, UserGroup
from rollcall.provisioning.user import State

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)


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
    assert services.set_state(chosen, State.ACTIVATED, NOW) == 1
    states = dict(User.objects.values_list("username", "state"))
    assert states == {"user0": "ACTIVATED", "user1": "ACTIVATED", "user2": "STAGED"}
    changed = User.objects.get(username="user1")
    assert changed.provenance == {
        "email": ["personio", "2026-01-01T00:00:00+00:00"],
        "state": ["hand", NOW.isoformat()],
    }
    assert changed.updated == NOW
    assert "state" not in User.objects.get(username="user0").provenance


def test_users_join_a_group_once_and_leave_it() -> None:
    make(3)
    group = UserGroup.objects.create(name="Everyone")
    Membership.objects.create(group=group, user=User.objects.get(username="user0"))
    everybody = User.objects.all()
    assert services.not_in(group, everybody).count() == 2
    assert services.add_all(group, everybody, NOW) == 2
    assert services.add_all(group, everybody, NOW) == 0
    assert Membership.objects.filter(group=group, created=NOW).count() == 2
    assert services.remove_all(group, User.objects.filter(username__in=["user0", "user1"])) == 2
    assert [one.user.username for one in Membership.objects.select_related("user")] == ["user2"]


def test_the_statements_are_as_many_for_many_as_for_few() -> None:
    group = UserGroup.objects.create(name="Everyone")

    def statements() -> int:
        with CaptureQueriesContext(connection) as queries:
            services.set_state(User.objects.all(), State.SUSPENDED, NOW)
            services.add_all(group, User.objects.by_name(), NOW)
            services.remove_all(group, User.objects.search("user"))
        return len(queries)

    make(3)
    few = statements()
    make(2000, start=3)
    assert statements() == few
