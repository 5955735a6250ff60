"""Going back after a question was answered shows the page before it; menus stay on the screen."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import Browser, expect
from playwright.sync_api import Page as Tab

from tests.web import believable, road
from tests.web.world import World


@pytest.mark.django_db
def test_a_question_names_where_it_was_asked_from(admin: Client, world: World) -> None:
    page = admin.post("/imports/1/cancel/").content.decode()
    assert 'data-instead="/imports/1/"' in page
    assert 'action="/imports/1/cancel/"' in page


@pytest.mark.browser
def test_menus_stay_on_the_screen_and_going_back_sends_nothing_again(
    browser: Browser, tmp_path: Path
) -> None:
    with road.served(tmp_path) as portal, road.tab_of(browser, portal) as tab:
        believable.fill(tab, portal)
        _columns_are_on_the_screen(tab)
        tab.set_viewport_size({"width": 1280, "height": 800})
        tab.goto("/imports/2/")
        tab.locator("form[action$='/import/'] button").click()
        tab.locator("form.card .card-footer button").click()
        expect(tab.get_by_role("heading", name="Import 2")).to_be_visible()
        tab.go_back()
        expect(tab.get_by_role("heading", name="Import 2")).to_be_visible()
        assert tab.url.endswith("/imports/2/")


def _columns_are_on_the_screen(tab: Tab) -> None:
    for width in (360, 800, 1280):
        tab.set_viewport_size({"width": width, "height": 740})
        for address in ("/users/", "/imports/", "/groups/"):
            tab.goto(address)
            tab.locator("details.menu-end > summary").click()
            box = tab.locator("details.menu-end > .menu-panel").bounding_box()
            assert box is not None
            assert box["x"] >= 0, address
            assert box["x"] + box["width"] <= width, address
