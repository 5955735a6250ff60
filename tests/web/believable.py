"""A portal after some days of work: 250 people imported, bound, changed by hand, day two in review.

Everything in it came the way a person would make it come: through the portal, in a browser.
"""

from __future__ import annotations

from playwright.sync_api import Page as Tab
from playwright.sync_api import expect

from tests.terminal import sandbox
from tests.web import road

APPLICATION = "Personio of Mycompany"
PEOPLE = "250"


def fill(tab: Tab, portal: road.Portal) -> None:
    """Fill an empty portal; the tab stays signed in as its first administrator."""
    road.become_the_first_administrator(tab, portal)
    road.configure_personio(tab)
    with sandbox("--people", PEOPLE) as personio:
        road.preview(tab, personio, personio["PERSONIO_ACCOUNT"])
        road.carry_out(tab)
        road.counts(tab)
    _bind_everyone(tab)
    _let_most_of_them_in(tab)
    _make_a_group(tab)
    _work_by_hand(tab)
    _invite_colleagues(tab)
    with sandbox("--people", PEOPLE, "--day", "2") as personio:
        tab.goto("/applications/")
        road.follow(tab, APPLICATION)
        road.preview(tab, personio, personio["PERSONIO_ACCOUNT"])


def _bind_everyone(tab: Tab) -> None:
    road.follow(tab, f"Bind everyone of this import to {APPLICATION}")
    tab.get_by_label("Name of the new group").fill("All employees")
    road.press(tab, "Bind")
    road.say_yes(tab, "Bind")
    expect(tab.get_by_role("tabpanel", name="User Groups")).to_contain_text("All employees")


def _let_most_of_them_in(tab: Tab) -> None:
    tab.goto("/users/?company=Nordlicht+Werke+GmbH")
    tab.get_by_label("Selected").select_option("all")
    road.press(tab, "Activate")
    road.say_yes(tab, "Activate")
    expect(tab.get_by_text("active now")).to_be_visible()


def _make_a_group(tab: Tab) -> None:
    tab.goto("/groups/new/")
    tab.get_by_label("Name").fill("Software")
    tab.get_by_label("Description").fill("Everybody who writes software")
    road.press(tab, "Create")
    expect(tab.get_by_role("heading", name="Software", exact=True)).to_be_visible()
    group = tab.url
    tab.goto(f"{group}add/?department=Software")
    tab.get_by_label("Selected").select_option("all")
    road.press(tab, "Add to the group")
    road.say_yes(tab, "Add to the group")
    expect(tab.get_by_text("joined Software")).to_be_visible()


def _work_by_hand(tab: Tab) -> None:
    tab.goto("/users/?state=ACTIVATED")
    tab.get_by_role("link", name="Kühn").first.click()
    expect(tab.get_by_role("heading", name="Details")).to_be_visible()
    user = tab.url
    tab.goto(f"{user}edit/")
    tab.get_by_label("Job title").fill("Head of Something New")
    road.press(tab, "Save")
    expect(tab.get_by_role("heading", name="Details")).to_be_visible()
    tab.goto("/users/?state=ACTIVATED")
    tab.locator("#list tbody a").nth(7).click()
    road.press(tab, "Suspend")
    road.say_yes(tab, "Suspend")
    expect(tab.get_by_text("is suspended now")).to_be_visible()


def _invite_colleagues(tab: Tab) -> None:
    for email, role in (("lena@example.com", "Manager"), ("omar@example.com", "Read only")):
        tab.goto("/settings/administrators/")
        tab.get_by_label("E-mail").fill(email)
        tab.get_by_role("radio", name=role, exact=True).check()
        road.press(tab, "Invite")
        expect(tab.get_by_text(email).first).to_be_visible()
