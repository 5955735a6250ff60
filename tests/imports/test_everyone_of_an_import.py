"""Everyone of an import is of this import alone, and never somebody who is suspended."""

from __future__ import annotations

import pytest
from django.test import Client

from rollcall.directory.models import Membership, User, UserGroup
from rollcall.imports.models import ChangeRecord, Run, RunState
from rollcall.imports.people import everyone_of, ids_of_everyone
from tests.web.conftest import admin, world
from tests.web.world import World

__all__ = ["admin", "world"]

pytestmark = pytest.mark.django_db


def usernames(run: Run) -> set[str]:
    return set(everyone_of(run).values_list("username", flat=True))


def test_who_is_suspended_is_not_of_it(world: World) -> None:
    assert usernames(world.run) == {"amelie.brandt", "jonas.weiss"}
    assert len(ids_of_everyone(world.run)) == 2


@pytest.mark.parametrize("result", ["suspended", "skipped", "failed", "conflict", "invalid", ""])
def test_whom_it_did_not_bring_is_not_of_it(world: World, result: str) -> None:
    ChangeRecord.objects.filter(run=world.run, employee_id="1").update(result=result)
    assert usernames(world.run) == {"jonas.weiss"}


def test_another_import_does_not_count(world: World) -> None:
    other = Run.objects.create(
        number=2, connection=world.run.connection, state=RunState.COMPLETED, applied=1
    )
    user = User.objects.get(username="jonas.weiss")
    ChangeRecord.objects.create(
        run=other,
        seq=1,
        kind="update",
        employee_id="2",
        user_id=user.pk,
        result="updated",
        reason={"code": "same", "params": {}},
    )
    assert usernames(other) == {"jonas.weiss"}


def test_a_group_and_an_application_take_the_same_people(admin: Client, world: World) -> None:
    Run.objects.filter(pk=world.run.pk).update(applied=3)
    group = UserGroup.objects.create(name="Everyone")
    form = {"action": "add-run", "run": "1", "confirmed": "yes"}
    admin.post(f"/groups/{group.pk}/", form)
    form = {"who": "1", "group": "", "new_name": "All of Personio", "confirmed": "yes"}
    admin.post(f"/applications/{world.application.pk}/bind/", form)
    for name in ("Everyone", "All of Personio"):
        members = Membership.objects.filter(group__name=name)
        assert set(members.values_list("user__username", flat=True)) == {
            "amelie.brandt",
            "jonas.weiss",
        }, name
