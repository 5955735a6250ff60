"""A user who needs a tick: shown with who they are, ticked one by one or all at once."""

from __future__ import annotations

import pytest
from django.test import Client
from playwright.sync_api import BrowserContext, expect

from rollcall.audit.models import Event
from rollcall.imports.models import Run
from tests.web import runs
from tests.web.browser import sign_in
from tests.web.world import World, build

TAKEOVER = {
    "email": "noor.1@example.com",
    "username": "noor.1",
    "name": "Noor Haddad",
    "carried": "",
    "origin": "scim",
    "has_account": False,
}
WHO = {"code": "origin_scim", "params": {"user": "noor.1 (Noor Haddad)"}}


def asking(world: World) -> Run:
    """A preview in which the users of two updates were made through SCIM."""
    run = runs.in_review(world)
    run.changes.filter(kind="update").update(asks="adopt", takeover=TAKEOVER, warnings=[WHO])
    return run


def page(client: Client, run: Run, query: str = "") -> str:
    """The run's page as it is on screen."""
    return " ".join(client.get(f"/imports/{run.number}/{query}").content.decode().split())


def ticked(run: Run) -> set[str]:
    """The ids of those who are ticked."""
    return set(run.changes.filter(ticked=True).values_list("employee_id", flat=True))


@pytest.mark.django_db
def test_the_preview_says_how_many_need_a_tick_and_who_they_are(
    admin: Client, world: World
) -> None:
    run = asking(world)
    shown = page(admin, run)
    assert "2 users who are in the directory already" in shown
    assert "0 of 2 are ticked." in shown
    assert "4 of 6 changes are chosen." in shown
    assert "Needs a tick 2" in shown
    alone = page(admin, run, "?kind=asking")
    assert "1 to 2 of 2" in alone
    assert "noor.1 (Noor Haddad), made through SCIM" in alone


@pytest.mark.django_db
def test_each_is_ticked_by_itself_and_all_at_once_and_it_is_written_down(
    admin: Client, world: World
) -> None:
    run = asking(world)
    address = f"/imports/{run.number}/"
    one = run.changes.get(employee_id="1001")
    admin.post(address, {"tick": one.pk})
    assert ticked(run) == {"1001"}
    assert "1 of 2 are ticked." in page(admin, run)
    admin.post(address, {"tick": one.pk})
    assert ticked(run) == set()
    admin.post(address, {"action": "tick-all", "query": "kind=asking"})
    assert ticked(run) == {"1001", "1006"}
    admin.post(address, {"action": "untick", "chosen": [one.pk]})
    assert ticked(run) == {"1006"}
    assert Event.objects.filter(action="import.tick").count() == 4


@pytest.mark.django_db
def test_nobody_else_can_be_ticked_and_choosing_everybody_ticks_nobody(
    admin: Client, world: World
) -> None:
    run = asking(world)
    address = f"/imports/{run.number}/"
    other = run.changes.get(employee_id="1000")
    admin.post(address, {"tick": other.pk})
    admin.post(address, {"action": "everyone"})
    admin.post(address, {"tick": "9" * 30})
    assert ticked(run) == set()


@pytest.mark.django_db
def test_import_says_who_stays_as_they_are(admin: Client, world: World) -> None:
    run = asking(world)
    run.changes.filter(employee_id="1001").update(ticked=True)
    asked = admin.post(f"/imports/{run.number}/import/").content.decode()
    assert "5 users are touched: Create 2, Suspend 2, Update 1." in asked
    assert "One user is not ticked and stays as it is" in asked


@pytest.mark.django_db
def test_after_the_review_nothing_is_ticked(admin: Client, world: World) -> None:
    run = asking(world)
    Run.objects.filter(pk=run.pk).update(state="applying")
    admin.post(f"/imports/{run.number}/", {"action": "tick-all"})
    assert ticked(run) == set()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_in_a_browser_one_is_ticked_then_all(context: BrowserContext, portal_server: str) -> None:
    world = build()
    run = asking(world)
    sign_in(context, world.people["administrator"], portal_server)
    tab = context.new_page()
    tab.goto(f"/imports/{run.number}/")
    tab.get_by_role("link", name="Show who needs a tick").click()
    boxes = tab.get_by_role("checkbox", name="The user becomes that of")
    expect(boxes).to_have_count(2)
    boxes.first.click()
    expect(boxes.first).to_be_checked()
    expect(boxes.last).not_to_be_checked()
    tab.get_by_role("button", name="Tick all 2").click()
    expect(boxes.last).to_be_checked()
    expect(tab.get_by_text("2 of 2 are ticked.")).to_be_visible()
    assert tab.evaluate("window.violations.length === 0")
    assert ticked(run) == {"1001", "1006"}
