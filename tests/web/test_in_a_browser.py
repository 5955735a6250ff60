"""The portal's own behaviour in a real browser, with and without JavaScript."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from rollcall.accounts.first_start import first_start_link
from rollcall.audit import recording
from rollcall.audit.actions import Action
from tests.actors import TESTER
from tests.web.browser import sign_in
from tests.web.world import PASSWORD, build

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_first_administrator_comes_in_signs_out_and_in(
    context: BrowserContext, portal_server: str
) -> None:
    tab = context.new_page()
    tab.goto(first_start_link(portal_server) or "")
    tab.get_by_label("E-mail").fill("first@example.com")
    tab.get_by_label("Password", exact=True).fill(PASSWORD)
    tab.get_by_label("Password, once more").fill(PASSWORD)
    tab.get_by_role("button", name="Set up Rollcall").click()
    expect(tab.get_by_role("heading", name="Home", exact=True)).to_be_visible()
    tab.get_by_text("first@example.com").click()
    tab.get_by_role("button", name="Sign out").click()
    tab.get_by_label("E-mail").fill("first@example.com")
    tab.get_by_role("button", name="Continue").click()
    tab.get_by_label("Password").fill(PASSWORD)
    tab.get_by_role("button", name="Sign in").click()
    expect(tab.get_by_role("heading", name="Home", exact=True)).to_be_visible()


def test_typing_narrows_a_list_without_leaving_the_page(
    context: BrowserContext, portal_server: str
) -> None:
    world = build()
    recording.record(TESTER, Action.USER_SUSPEND)
    sign_in(context, world.people["administrator"], portal_server)
    tab = context.new_page()
    tab.goto("/insights/directory/")
    tab.evaluate("window.stayed = true")
    tab.get_by_label("Person, action or target").press_sequentially("suspend")
    expect(tab.locator(".table-list tbody tr")).to_have_count(1)
    tab.wait_for_url("**/insights/directory/?q=suspend*")
    assert tab.evaluate("window.stayed && window.violations.length === 0")


def test_a_chosen_theme_and_language_stay(context: BrowserContext, portal_server: str) -> None:
    world = build()
    sign_in(context, world.people["read_only"], portal_server)
    tab = context.new_page()
    tab.goto("/")
    root = tab.locator("html")
    expect(root).to_have_attribute("data-bs-theme", "light")
    tab.locator("summary", has_text="read.only@example.com").click()
    tab.get_by_role("button", name="Dark").click()
    expect(root).to_have_attribute("data-bs-theme", "dark")
    tab.locator("summary", has_text="read.only@example.com").click()
    tab.get_by_role("button", name="Deutsch").click()
    expect(root).to_have_attribute("lang", "de")
    tab.goto("/profile/")
    expect(root).to_have_attribute("lang", "de")
    expect(root).to_have_attribute("data-bs-theme", "dark")


@pytest.mark.parametrize("width", [360, 1280])
def test_everything_works_without_javascript(
    browser: Browser, portal_server: str, width: int
) -> None:
    world = build()
    context = browser.new_context(
        base_url=portal_server,
        java_script_enabled=False,
        viewport={"width": width, "height": 800},
    )
    sign_in(context, world.people["administrator"], portal_server)
    tab = context.new_page()
    tab.goto("/")
    tab.get_by_role("navigation", name="Main").get_by_role("link", name="Settings").click()
    tab.get_by_role("group", name="CSV import").get_by_label("Active").check()
    tab.get_by_role("button", name="Save").click()
    expect(tab.get_by_text("Saved.")).to_be_visible()
    tab.get_by_role("navigation", name="Main").get_by_role("link", name="Insights").click()
    tab.get_by_label("Person, action or target").fill("nobody-at-all")
    tab.get_by_role("button", name="Show").click()
    expect(tab.get_by_text("Nothing matches")).to_be_visible()
    tab.locator("summary", has_text="administrator@example.com").click()
    tab.get_by_role("button", name="Sign out").click()
    expect(tab.get_by_role("heading", name="Sign in")).to_be_visible()
    context.close()


def test_the_menu_opens_on_a_telephone_and_by_keyboard(
    browser: Browser, portal_server: str
) -> None:
    world = build()
    context = browser.new_context(base_url=portal_server, viewport={"width": 360, "height": 740})
    sign_in(context, world.people["administrator"], portal_server)
    tab = context.new_page()
    tab.goto("/")
    link = tab.get_by_role("link", name="Settings")
    expect(link).to_be_hidden()
    tab.get_by_role("button", name="Menu").click()
    expect(link).to_be_visible()
    tab.set_viewport_size({"width": 1280, "height": 800})
    tab.goto("/")
    tab.keyboard.press("Tab")
    expect(tab.get_by_role("link", name="Skip to the content")).to_be_focused()
    summary = tab.locator("summary", has_text="administrator@example.com")
    summary.focus()
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("link", name="Profile")).to_be_visible()
    tab.keyboard.press("Escape")
    expect(tab.get_by_role("link", name="Profile")).to_be_hidden()
    expect(summary).to_be_focused()
    context.close()


def test_the_english_labels_of_the_sidebar_stand_in_their_order(
    context: BrowserContext, portal_server: str
) -> None:
    world = build()
    sign_in(context, world.people["administrator"], portal_server)
    tab = context.new_page()
    tab.goto("/")
    found = tab.get_by_role("navigation", name="Main").get_by_role("link").all_inner_texts()
    wanted = ["Home", "Users", "User Groups", "SSO Applications", "Imports"]
    wanted += ["Security Management", "Insights", "Settings"]
    assert [one.strip() for one in found] == wanted
