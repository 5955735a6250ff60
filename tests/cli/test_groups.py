"""`rollcall groups` on the built-in directory: one act is one event, by whoever typed it."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from rollcall.audit.models import Event
from rollcall.cli.groups import groups_app
from rollcall.cli.operator import operator
from rollcall.directory.models import Application, User, UserGroup
from rollcall.imports.models import ChangeRecord, Connection, Run, RunState

pytestmark = pytest.mark.django_db


@pytest.fixture
def run() -> Run:
    """An import that made two users."""
    connection = Connection.objects.create(name="Personio", source="personio", key="personio")
    run = Run.objects.create(number=1, connection=connection, state=RunState.COMPLETED)
    for number, name in enumerate(("mara", "jonas")):
        user = User.objects.create(username=name, email=f"{name}@example.org")
        ChangeRecord.objects.create(
            run=run,
            seq=number,
            kind="create",
            employee_id=str(number),
            user_id=user.pk,
            reason={"code": "new", "params": {}},
            result="created",
        )
    return run


def typed(*words: str) -> list[str]:
    """The actions of the events that `rollcall groups` with these words leaves, all by one."""
    Event.objects.all().delete()
    done = CliRunner().invoke(groups_app, words)
    assert done.exit_code == 0, done.output
    events = list(Event.objects.exclude(action="user.group.add").order_by("pk"))
    assert {(event.door, event.actor_name) for event in events} <= {("cli", operator().name)}
    return [event.action for event in events]


def test_adding_people_is_one_event_of_the_group_and_none_where_nobody_was_new(run: Run) -> None:
    assert typed("add", "Everyone", "--run", "1") == ["group.create", "group.member.add"]
    assert Event.objects.filter(action="user.group.add", door="cli").count() == 2
    assert typed("add", "Everyone", "--run", "1") == []


def test_binding_an_application_is_one_event_and_none_where_it_was_bound(run: Run) -> None:
    UserGroup.objects.create(name="Everyone")
    Application.objects.create(name="wiki", displayLabel="Wiki")
    assert typed("bind", "Everyone", "Wiki") == ["application.bind"]
    assert typed("bind", "Everyone", "Wiki") == []
