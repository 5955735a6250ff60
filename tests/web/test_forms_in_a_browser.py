"""What becomes of a form that is sent twice, loaded anew, or sent after one was signed out."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, expect
from playwright.sync_api import Page as Tab

from rollcall.access.oidc import clients
from rollcall.access.oidc.clients import Registration
from rollcall.access.saml import connections
from rollcall.access.saml.configuration import Configuration
from rollcall.directory.models import Application, UserGroup
from rollcall.imports.models import ChangeRecord
from tests.actors import TESTER
from tests.web import road, runs
from tests.web.browser import sign_in
from tests.web.test_every_page_is_accessible import _assert_clean, _violations
from tests.web.world import World, build

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

AWAY = """() => {
  Object.defineProperty(document, "hidden", { value: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""
"""As if another tab were looked at."""


@pytest.fixture
def world(context: BrowserContext, portal_server: str) -> World:
    built = build()
    sign_in(context, built.people["administrator"], portal_server)
    return built


@pytest.fixture
def tab(context: BrowserContext, world: World) -> Tab:
    return context.new_page()


def activate(tab: Tab) -> None:
    tab.get_by_role("tab", name="Bookmark").click()
    tab.get_by_label("Application URL").fill("https://wiki.example.com")
    tab.get_by_role("button", name="activate").last.dblclick()


def test_going_back_and_activating_again_makes_no_second_application(tab: Tab) -> None:
    tab.goto("/applications/new/bookmark/")
    activate(tab)
    expect(tab.get_by_text("Bookmark is active.")).to_be_visible()
    tab.go_back()
    activate(tab)
    expect(tab.get_by_text("already. Give this one another label.")).to_be_visible()
    assert Application.objects.filter(displayLabel="Bookmark").count() == 1


def test_a_page_that_answers_a_form_is_loaded_anew_without_sending_it(tab: Tab) -> None:
    sent: list[str] = []
    tab.on("request", lambda request: sent.append(request.method))
    tab.goto("/groups/new/")
    road.press(tab, "Create")
    expect(tab.get_by_text("Name: fill this in.")).to_be_visible()
    tab.reload()
    expect(tab.get_by_text("Name: fill this in.")).to_be_hidden()
    tab.goto("/")
    tab.go_back()
    expect(tab.get_by_role("heading", name="Create user group")).to_be_visible()
    assert sent.count("POST") == 1


def test_what_was_typed_stays_when_somebody_was_signed_out_meanwhile(
    tab: Tab, context: BrowserContext, world: World, portal_server: str
) -> None:
    tab.goto("/groups/new/")
    tab.get_by_label("Name").fill("Typed before the end")
    context.clear_cookies()
    tab.evaluate(AWAY)
    road.press(tab, "Create")
    told = tab.locator("#messages .alert")
    expect(told).to_contain_text("You have been signed out")
    expect(told).to_be_focused()
    expect(told.get_by_role("link", name="Sign in")).to_have_attribute("target", "_blank")
    # In another tab: the form's token is another one from then on.
    sign_in(context, world.people["administrator"], portal_server)
    road.press(tab, "Create")
    expect(tab.get_by_text("Typed before the end was created.")).to_be_visible()
    assert UserGroup.objects.filter(name="Typed before the end").exists()


def test_the_end_of_a_live_stream_is_no_error_in_the_console(tab: Tab, world: World) -> None:
    said: list[str] = []
    tab.on("console", lambda message: said.append(message.text))
    run = runs.at_work(world, done=4)
    tab.goto(f"/imports/{run.number}/")
    expect(tab.locator("#people [data-employee]").first).to_be_visible()
    tab.evaluate(
        "document.querySelector('[sse-connect]')['htmx-internal-data'].sseEventSource"
        ".dispatchEvent(new Event('error'))"
    )
    assert not [line for line in said if "object Event" in line]


@pytest.mark.parametrize("language", ["en-GB", "de-DE"])
def test_the_reasons_of_a_preview_stay_on_a_screen_of_1280(
    tab: Tab, world: World, language: str
) -> None:
    run = runs.in_review(world)
    ChangeRecord.objects.filter(run=run).update(
        email="maximiliane.donaudampfschifffahrtsgesellschaft@verwaltung.nordlicht.example.org"
    )
    tab.set_viewport_size({"width": 1280, "height": 800})
    tab.set_extra_http_headers({"Accept-Language": language})
    tab.goto(f"/imports/{run.number}/?kind=")
    tab.evaluate("document.querySelectorAll('details.differences').forEach(d => d.open = true)")
    frame = "document.querySelector('.table-responsive')"
    assert tab.evaluate(f"{frame}.scrollWidth - {frame}.clientWidth") <= 0


def test_the_tab_of_single_sign_on_is_clean_on_a_telephone(
    context: BrowserContext, tab: Tab, world: World
) -> None:
    wiki = Application.objects.create(name="custom-oidc", displayLabel="Wiki", active=True)
    clients.register(TESTER, wiki, Registration(["https://wiki.example.com/callback"]))
    intranet = Application.objects.create(name="custom-saml", displayLabel="Intranet", active=True)
    address = "https://intranet.example.com/saml"
    connections.register(TESTER, intranet, Configuration(address, (address,)))
    tab.set_viewport_size({"width": 360, "height": 740})
    pages = [
        f"/applications/{wiki.pk}/?tab=sso",
        f"/applications/{wiki.pk}/sso/test/",
        f"/applications/{intranet.pk}/?tab=sso",
        f"/applications/{world.application.pk}/?tab=sso",
    ]
    found = {where: _violations(tab, where) for where in pages}
    for where in pages:
        tab.goto(where)
        if tab.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1"):
            found[where].append("the page is wider than the screen")
    _assert_clean(found)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    tab.goto(pages[0])
    tab.get_by_role("button", name="Copy Issuer").click()
    expect(tab.get_by_role("button", name="Copied")).to_be_visible()
