"""The preview: tabs with counts, fields old to new, who is chosen, and Import once."""

from __future__ import annotations

import csv
import io

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from rollcall.audit.models import Event
from rollcall.imports.models import Run, RunState
from tests.web import runs
from tests.web.world import World

pytestmark = pytest.mark.django_db


def page(client: Client, run: Run, query: str = "") -> str:
    """The run's page as it is on screen."""
    answer = client.get(f"/imports/{run.number}/{query}")
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def chosen(run: Run) -> set[str]:
    """The kinds of which anybody is chosen."""
    writing = run.changes.filter(kind__in=("create", "update", "suspend"), chosen=True)
    return set(writing.values_list("kind", flat=True))


def test_it_shows_each_kind_with_its_count_and_each_field_old_to_new(
    admin: Client, world: World
) -> None:
    shown = page(admin, runs.in_review(world))
    for tab in ("Everyone 10", "Create 2", "Update 2", "Suspend 2", "Conflict 2", "Unchanged 2"):
        assert tab in shown
    assert "<del>Sales</del>" in shown
    assert "<ins>Finance</ins>" in shown
    assert "<del>Active</del>" in shown
    assert "<ins>Noor Haddad 1</ins>" in shown, "a manager still to be made is named"
    assert "New in Personio (active)" in shown


def test_a_tab_shows_its_kind_only_and_a_search_narrows_it(admin: Client, world: World) -> None:
    run = runs.in_review(world)
    shown = page(admin, run, "?kind=update")
    assert "Noor Haddad 1" in shown
    assert "Noor Haddad 0<" not in shown
    assert "1 to 1 of 1" in page(admin, run, "?kind=update&q=haddad+6")


def test_it_opens_on_what_would_change_and_a_search_finds_everybody(
    admin: Client, world: World
) -> None:
    run = runs.in_review(world)
    assert "1 to 6 of 6" in page(admin, run)
    assert "1 to 10 of 10" in page(admin, run, "?kind=")
    assert "1 to 6 of 6" in page(admin, run, "?kind=changes")
    unchanged = run.changes.filter(kind="unchanged").first()
    assert unchanged is not None
    assert "1 to 1 of 1" in page(admin, run, f"?q={unchanged.employee_id}")


def test_where_nothing_would_change_it_opens_on_everybody(admin: Client, world: World) -> None:
    run = runs.in_review(world)
    run.changes.update(kind="unchanged")
    Run.objects.filter(pk=run.pk).update(counts={"unchanged": 10})
    assert "1 to 10 of 10" in page(admin, run)


def test_choosing_a_tab_or_single_people_is_kept(admin: Client, world: World) -> None:
    run = runs.in_review(world)
    address = f"/imports/{run.number}/"
    answer = admin.post(address, {"action": "exclude", "scope": "all", "query": "kind=suspend"})
    assert answer["Location"] == f"{address}?kind=suspend"
    assert chosen(run) == {"create", "update"}
    one = run.changes.get(seq=1)
    admin.post(address, {"action": "only", "chosen": [one.pk]})
    assert [
        row.seq for row in run.changes.filter(kind__in=("create", "update", "suspend"), chosen=True)
    ] == [1]
    assert "1 of 6 changes are chosen." in page(admin, run)
    admin.post(address, {"action": "everyone"})
    assert "6 of 6 changes are chosen." in page(admin, run)
    assert Event.objects.filter(action="import.choose").count() == 3


def test_the_file_has_what_is_on_the_page(admin: Client, world: World) -> None:
    run = runs.in_review(world)
    answer = admin.get(f"/imports/{run.number}/?export=csv")
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]  # the client's own type hides it
    assert len(content.splitlines()) == 7


def test_the_file_has_every_change_in_words(admin: Client, world: World) -> None:
    run = runs.in_review(world)
    answer = admin.get(f"/imports/{run.number}/?export=csv&kind=&columns=name&columns=fields")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]  # the client's own type hides it
    rows = list(csv.reader(io.StringIO(text)))
    assert len(rows) == 11
    assert rows[1][1] == "Username:  → noor.0; Manager:  → Noor Haddad 1"
    assert ["Noor Haddad 1", "Department: Sales → Finance"] in rows


def test_import_asks_once_and_never_begins_twice(admin: Client, world: World) -> None:
    run = runs.in_review(world)
    address = f"/imports/{run.number}/import/"
    asked = admin.post(address).content.decode()
    assert "6 users are touched: Create 2, Suspend 2, Update 2." in asked
    run.refresh_from_db()
    assert run.state == "review"
    assert admin.post(address, {"confirmed": "yes"})["Location"] == f"/imports/{run.number}/"
    run.refresh_from_db()
    assert run.state == "applying"
    again = admin.post(address, {"confirmed": "yes"}, follow=True)
    assert "nothing was done twice" in again.content.decode()
    assert Event.objects.filter(action="import.approve").count() == 1


def test_a_large_import_says_that_an_email_will_come(admin: Client, world: World) -> None:
    run = runs.in_review(world, people=100)
    email = world.people["administrator"].email
    assert f"an e-mail goes to {email}" in page(admin, run)
    asked = admin.post(f"/imports/{run.number}/import/").content.decode()
    assert f"an e-mail goes to {email}" in asked


def test_while_another_import_is_at_work_none_begins(admin: Client, world: World) -> None:
    run = runs.in_review(world)
    Run.objects.filter(pk=world.run.pk).update(state="applying")
    answer = admin.post(f"/imports/{run.number}/import/", {"confirmed": "yes"})
    assert answer.status_code == 409
    assert f'href="/imports/{world.run.number}/"' in answer.content.decode()


def test_choices_after_the_review_change_nothing(admin: Client, world: World) -> None:
    run = runs.at_work(world, done=0)
    admin.post(f"/imports/{run.number}/", {"action": "exclude", "scope": "all", "query": ""})
    assert chosen(run) == {"create", "update", "suspend"}


def test_the_number_of_queries_does_not_grow_with_the_run(admin: Client, world: World) -> None:
    run = runs.in_review(world, people=10)
    with CaptureQueriesContext(connection) as few:
        page(admin, run)
    Run.objects.filter(pk=run.pk).update(number=99)
    world.run.number = 49
    many_people = runs.in_review(world, people=200)
    with CaptureQueriesContext(connection) as many:
        page(admin, many_people)
    assert len(many) == len(few)


@pytest.mark.parametrize("action", ["include", "exclude", "only"])
def test_a_button_with_nobody_ticked_changes_nothing_and_says_so(
    admin: Client, world: World, action: str
) -> None:
    Run.objects.filter(pk=world.run.pk).update(state=RunState.REVIEW, review=True)
    answer = admin.post("/imports/1/", {"action": action, "scope": "chosen"}, follow=True)
    assert "Nobody was chosen" in answer.content.decode()
    assert world.run.changes.filter(chosen=False).count() == 0
