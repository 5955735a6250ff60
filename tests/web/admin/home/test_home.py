"""Home: one glance, with or without anything to show."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import Client

from rollcall.directory.models import User
from rollcall.imports.models import ChangeRecord, Run
from rollcall.jobs.models import ClockReading
from tests.web import runs
from tests.web.html import squeezed
from tests.web.world import World

pytestmark = pytest.mark.django_db


def test_it_shows_states_the_last_import_attention_and_who_starts(admin: Client) -> None:
    page = admin.get("/").content.decode()
    for text in ("Staged", "Suspended", "Import 1", "Noor Haddad", "Jonas Weiß"):
        assert text in page
    assert "Amelie" not in page


def test_it_says_what_to_do_when_there_is_nothing(admin: Client) -> None:
    ChangeRecord.objects.all().delete()
    Run.objects.all().delete()
    User.objects.all().delete()
    page = admin.get("/").content.decode()
    assert "No import yet" in page
    assert "Configure Personio under SSO Applications" in page


def test_a_clock_that_looks_wrong_is_told(admin: Client) -> None:
    assert "clock looks wrong" not in admin.get("/").content.decode()
    ClockReading.objects.create(
        pk=1,
        at=datetime(2036, 5, 1, tzinfo=UTC),
        leapt_from=datetime(2026, 5, 1, 10, tzinfo=UTC),
        leapt_to=datetime(2036, 5, 1, 10, tzinfo=UTC),
    )
    page = squeezed(admin.get("/").content.decode())
    assert "clock looks wrong" in page
    assert "Until 8 May 2036 nothing is deleted because of its age." in page


def test_a_preview_that_waits_is_offered_with_whom_it_concerns(admin: Client, world: World) -> None:
    run = runs.in_review(world)
    page = squeezed(admin.get("/").content.decode())
    assert f'<a class="btn btn-primary" href="/imports/{run.number}/">Open the preview</a>' in page
    assert "2 people of the last import need a look." in page
    assert "Noor Haddad 3" in page


@pytest.mark.parametrize("state", ["cancelled", "failed", "fetching"])
def test_an_import_that_came_to_nothing_hides_nobody_who_needs_a_look(
    admin: Client, world: World, state: str
) -> None:
    Run.objects.create(number=2, connection=world.run.connection, state=state)
    page = squeezed(admin.get("/").content.decode())
    assert "Import 2" in page
    assert '<a href="/imports/1/">Import 1</a>' in page
    assert "Noor Haddad" in page


def test_the_import_of_another_account_hides_nobody_who_needs_a_look_or_is_to_start(
    admin: Client, world: World
) -> None:
    other = Run.objects.create(
        number=2, connection=world.run.connection, lane="builtin csv:people", state="completed"
    )
    ChangeRecord.objects.create(
        run=other, seq=0, employee_id="1", name="Ada", kind="create", result="created", reason={}
    )
    page = admin.get("/").content.decode()
    assert "Noor Haddad" in page
    assert "Jonas Weiß" in page


def test_the_next_import_of_the_account_says_who_needs_a_look(admin: Client, world: World) -> None:
    later = Run.objects.create(number=2, connection=world.run.connection, state="completed")
    ChangeRecord.objects.create(
        run=later, seq=0, employee_id="1", name="Ada", kind="create", result="created", reason={}
    )
    assert "Noor Haddad" not in admin.get("/").content.decode()


def test_an_import_that_failed_is_named_in_the_readers_language(
    admin: Client, world: World
) -> None:
    Run.objects.update(state="failed", error_code="source", error="Personio cannot be reached")
    page = admin.get("/", headers={"accept-language": "de"}).content.decode()
    assert "Personio konnte nicht gelesen werden" in page
    assert "cannot be reached" not in page
