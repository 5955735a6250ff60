"""Imports: the list, the page of an ended one, cancelling and retrying."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from rollcall.audit.models import Event
from rollcall.imports.models import ChangeRecord, Run
from tests.web import runs
from tests.web.html import squeezed
from tests.web.world import World

pytestmark = pytest.mark.django_db


def test_the_list_says_who_when_and_what_came_of_it(admin: Client, world: World) -> None:
    shown = admin.get("/imports/").content.decode()
    assert world.people["administrator"].email in shown
    assert "Created 3, Invalid 1" in shown
    assert "Completed" in shown


def test_an_ended_import_shows_counts_reasons_and_its_result_by_tab(
    admin: Client, world: World
) -> None:
    shown = admin.get("/imports/1/?result=invalid").content.decode()
    assert "Noor Haddad" in shown
    assert "Amelie Brandt" not in shown
    assert "Retry those who need attention" in shown


def test_retry_the_failed_makes_a_run_of_its_own(admin: Client, world: World) -> None:
    answer = admin.post("/imports/1/retry/")
    assert answer["Location"] == "/imports/2/"
    again = Run.objects.get(number=2)
    assert again.retry_of == world.run
    assert again.notify_email == world.people["administrator"].email
    assert "Waiting for a worker" in admin.get("/imports/2/").content.decode()
    assert Event.objects.filter(action="import.retry").exists()


def test_nobody_to_retry_is_said(admin: Client, world: World) -> None:
    ChangeRecord.objects.filter(result="invalid").update(result="skipped")
    answer = admin.post("/imports/1/retry/", follow=True)
    assert "Nobody in this import needs another try." in answer.content.decode()


def test_cancel_asks_once_and_leaves_the_rest_undone(admin: Client, world: World) -> None:
    run = runs.at_work(world, done=4)
    address = f"/imports/{run.number}/cancel/"
    asked = admin.post(address).content.decode()
    assert "What was done until now stays" in asked
    assert "Let it go on" in asked
    assert ">Cancel<" not in re.sub(r"\s", "", asked)
    admin.post(address, {"confirmed": "yes"})
    run.refresh_from_db()
    assert (run.state, run.counts) == ("cancelled", {"created": 4, "skipped": 6})
    assert "Import again to do the rest" in admin.get(f"/imports/{run.number}/").content.decode()


def test_a_stopped_import_says_what_to_do_next(admin: Client, world: World) -> None:
    run = runs.in_review(world)
    brake = {"code": "brake_nobody_read", "params": {"users": "9"}}
    Run.objects.filter(pk=run.pk).update(state="stopped", error_code="safeguard", warnings=[brake])
    shown = admin.get(f"/imports/{run.number}/").content.decode()
    assert "set the option “least share read” to 0" in shown
    assert "Nothing was written." in shown
    assert "Create 2" in shown


def test_a_failed_import_says_why_and_what_to_do_next(admin: Client, world: World) -> None:
    Run.objects.filter(pk=world.run.pk).update(
        state="failed", error_code="source", error="Personio gave no answer."
    )
    shown = admin.get("/imports/1/").content.decode()
    assert "Personio gave no answer." in shown
    assert "then import again" in shown


def test_progress_refreshes_by_itself_without_javascript(admin: Client, world: World) -> None:
    run = runs.at_work(world, done=4)
    shown = squeezed(admin.get(f"/imports/{run.number}/").content.decode())
    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in shown
    assert "Writing users: 4 of 10" in shown
    assert shown.count("data-employee=") == 4


def test_a_preview_that_was_cancelled_says_that_nothing_was_written(
    admin: Client, world: World
) -> None:
    run = runs.in_review(world)
    Run.objects.filter(pk=run.pk).update(state="cancelled")
    text = admin.get(f"/imports/{run.number}/").content.decode()
    assert "Nothing was written." in text
    assert "What was done until then stays" not in text


@pytest.mark.parametrize(
    ("state", "told"),
    [
        ("cancelled", "This import was cancelled meanwhile; nothing was written."),
        ("completed", "This import was started already; nothing was done twice."),
    ],
)
def test_a_preview_that_is_open_no_more_is_not_carried_out_and_says_why(
    admin: Client, world: World, state: str, told: str
) -> None:
    run = runs.in_review(world)
    Run.objects.filter(pk=run.pk).update(state=state)
    form = {"confirmed": "yes"}
    answer = admin.post(reverse("run-import", args=[run.number]), form, follow=True)
    assert told in answer.content.decode()


def test_a_stopped_run_says_what_to_change_and_leads_there(admin: Client, world: World) -> None:
    run = runs.in_review(world)
    Run.objects.filter(pk=run.pk).update(state="stopped", error_code="safeguard")
    text = admin.get(f"/imports/{run.number}/").content.decode()
    assert "Stopped before anything was written" in text
    assert "change that option under “advanced”" in text
    assert f'href="/applications/{world.application.pk}/manual-import/">manual import' in text


def test_nobody_who_failed_is_not_offered_to_be_retried_as_such(
    admin: Client, world: World
) -> None:
    assert "Retry those who need attention" in admin.get("/imports/1/").content.decode()
    Run.objects.filter(pk=world.run.pk).update(counts={"created": 3, "failed": 1})
    assert "Retry the failed" in admin.get("/imports/1/").content.decode()
    Run.objects.filter(pk=world.run.pk).update(counts={"created": 4})
    assert "Retry" not in admin.get("/imports/1/").content.decode()


def test_binding_is_offered_where_there_is_somebody_to_bind(admin: Client, world: World) -> None:
    assert "Bind everyone of this import" in squeezed(admin.get("/imports/1/").content.decode())
    world.run.changes.all().delete()
    assert "Bind everyone" not in squeezed(admin.get("/imports/1/").content.decode())
