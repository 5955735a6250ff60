"""A patch of a group costs what it changes, not what the group holds: statements are counted."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from rollcall.api.scim.group_patch import patched
from rollcall.directory.models import Membership, User, UserGroup

PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
pytestmark = pytest.mark.django_db


class Group:
    """A group, and the one who patches it."""

    def __init__(self, key: str, size: int) -> None:
        rows = [User(username=f"p{n}", email=f"p{n}@example.org") for n in range(size)]
        self.users = User.objects.bulk_create(rows)
        self.group = UserGroup.objects.create(name="Everybody")
        edges = [Membership(group=self.group, user=user) for user in self.users]
        Membership.objects.bulk_create(edges)
        self._client = Client(headers={"Authorization": f"Bearer {key}"})

    def patch(self, *operations: dict[str, Any]) -> tuple[int, list[str], int]:
        """The status, the statements, and how many rows the answer's statements gave."""
        body = json.dumps({"schemas": [PATCH], "Operations": operations})
        with CaptureQueriesContext(connection) as seen:
            answer = self._client.patch(
                f"/scim/v2/Groups/{self.group.pk}", body, content_type="application/json"
            )
        return (
            answer.status_code,
            [one["sql"] for one in seen.captured_queries],
            len(answer.content),
        )

    @property
    def members(self) -> set[str]:
        return set(Membership.objects.filter(group=self.group).values_list("user_id", flat=True))


def removals(users: list[User]) -> list[dict[str, Any]]:
    return [{"op": "remove", "path": f'members[value eq "{user.pk}"]'} for user in users]


def test_sixty_removals_cost_the_same_in_a_large_group_as_in_a_small_one(key: str) -> None:
    counts = []
    Group(key, 0).patch()  # the first request of a key also notes that it is used
    for size in (100, 5_000):
        User.objects.all().delete()
        UserGroup.objects.all().delete()
        group = Group(key, size)
        status, statements, length = group.patch(*removals(group.users[:60]))
        assert (status, length) == (204, 0)
        assert group.members == {user.pk for user in group.users[60:]}
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 30


def test_only_the_named_members_are_looked_at(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[int] = []

    def counting(*given: Any) -> Any:
        change = patched(*given)
        looked.append(len(change.resource.members or ()) if change else 0)
        return change

    monkeypatch.setattr("rollcall.api.scim.service.patched", counting)
    group = Group(key, 1_000)
    group.patch(*removals(group.users[:3]))
    assert looked == [0]
    assert len(group.members) == 997


@pytest.mark.parametrize(
    "path",
    [
        'members[value eq "{}"]',
        'Members[Value EQ "{}"]',
        'urn:ietf:params:scim:schemas:core:2.0:Group:members[value eq "{}"]',
    ],
)
def test_a_member_is_removed_by_its_path(key: str, path: str) -> None:
    group = Group(key, 3)
    first, *others = group.users
    assert group.patch({"op": "Remove", "path": path.format(first.pk)})[0] == 204
    assert group.members == {user.pk for user in others}


def test_members_come_and_go_by_their_values(key: str) -> None:
    group = Group(key, 3)
    first, second, third = (user.pk for user in group.users)
    other = User.objects.create(username="other", email="other@example.org").pk
    group.patch(
        {"op": "add", "path": "members", "value": [{"value": other}, {"value": first}]},
        {"op": "remove", "path": "members", "value": [{"value": second}]},
    )
    assert group.members == {first, third, other}
    group.patch({"op": "add", "value": {"members": [{"value": second}]}})
    assert group.members == {first, second, third, other}


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "remove", "path": "members"},
        {"op": "replace", "path": "members", "value": []},
    ],
)
def test_all_members_go_where_all_are_meant(key: str, operation: dict[str, Any]) -> None:
    group = Group(key, 3)
    assert group.patch(operation)[0] == 204
    assert group.members == set()


def test_members_are_replaced_whole(key: str) -> None:
    group = Group(key, 3)
    first = group.users[0].pk
    group.patch({"op": "replace", "path": "members", "value": [{"value": first}]})
    assert group.members == {first}
    second = group.users[1].pk
    group.patch({"op": "replace", "value": {"members": [{"value": second}], "displayName": "Few"}})
    assert group.members == {second}
    assert UserGroup.objects.get().name == "Few"


def test_a_member_who_is_no_user_is_refused_and_nothing_is_changed(key: str) -> None:
    group = Group(key, 2)
    before = group.members
    status, _, _ = group.patch(
        *removals(group.users[:1]), {"op": "add", "path": "members", "value": [{"value": "f" * 24}]}
    )
    assert status == 400
    assert group.members == before


def test_a_patch_of_too_many_operations_is_refused(key: str) -> None:
    group = Group(key, 1)
    assert group.patch(*removals(group.users) * 1_001)[0] == 400
    assert len(group.members) == 1


@pytest.mark.django_db(transaction=True)
def test_what_a_patch_changes_is_worked_out_before_the_database_is_locked(
    key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    group = Group(key, 3)
    locked: list[bool] = []

    def watching(*given: Any) -> Any:
        locked.append(connection.in_atomic_block)
        return patched(*given)

    monkeypatch.setattr("rollcall.api.scim.service.patched", watching)
    group.patch(*removals(group.users[:1]))
    assert locked == [False]
