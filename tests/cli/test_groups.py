"""`rollcall groups` on the built-in directory: one act is one event, by whoever typed it."""

from __future__ import annotations

import json

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


def said(*words: str, status: int = 0) -> str:
    done = CliRunner().invoke(groups_app, words)
    assert done.exit_code == status, done.output
    return " ".join(done.output.split())


def test_a_group_shows_who_is_in_it_and_what_it_is_bound_to(run: Run) -> None:
    typed("add", "Everyone", "--run", "1")
    User.objects.filter(username="mara").update(firstname="Mara", lastname="Ö")
    wiki = Application.objects.create(name="wiki", displayLabel="Wiki")
    typed("bind", "Everyone", "Wiki")
    shown = said("show", "Everyone")
    assert f"Bound to Wiki ({wiki.pk})." in shown
    assert "2 members, by hand or import." in shown
    assert "Mara Ö <mara@example.org>" in shown
    told = json.loads(CliRunner().invoke(groups_app, ["show", "Everyone", "--json"]).output)
    assert {member["id"] for member in told["members"]} == set(
        User.objects.values_list("pk", flat=True)
    )
    assert told["applications"] == [{"id": wiki.pk, "label": "Wiki"}]
    assert Event.objects.filter(action="data.export", target_name="group members").count() == 2


def test_a_group_that_is_not_there_is_told(run: Run) -> None:
    assert "there is no user group Nobody" in said("show", "Nobody", status=2)


def test_applications_of_one_label_are_told_apart_by_their_ids(run: Run) -> None:
    UserGroup.objects.create(name="Everyone")
    twins = [Application.objects.create(name="wiki", displayLabel="Wiki") for _ in range(2)]
    refused = said("bind", "Everyone", "Wiki", status=2)
    listed = said("applications")
    for twin in twins:
        assert twin.pk in refused
        assert twin.pk in listed
    assert typed("bind", "Everyone", twins[1].pk) == ["application.bind"]


def test_groups_and_applications_are_listed_as_people_sort_names(run: Run) -> None:
    for name in ("Zentrale", "Öffentlichkeit", "personal"):
        UserGroup.objects.create(name=name)
        Application.objects.create(name="wiki", displayLabel=name)
    for words in ([], ["applications"]):
        listed = json.loads(CliRunner().invoke(groups_app, [*words, "--json"]).output)
        names = [row.get("name") or row["label"] for row in listed]
        assert names == ["Öffentlichkeit", "personal", "Zentrale"]


def test_one_person_is_added_as_one(run: Run) -> None:
    ChangeRecord.objects.filter(seq=1).delete()
    assert "1 person was added to Everyone." in said("add", "Everyone", "--run", "1")
