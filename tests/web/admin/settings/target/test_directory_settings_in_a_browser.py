"""Settings → Directory in a real browser: what the connection test says is accessible."""

from __future__ import annotations

import os

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from rollcall.imports import target_accounts
from tests.targets.jumpcloud.cloud import KEY, READ_ONLY_KEY, Cloud, hosting
from tests.web.browser import sign_in
from tests.web.world import build

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_answer_of_the_connection_test_is_accessible(
    browser: Browser, portal_server: str, theme: str
) -> None:
    world = build()
    context = browser.new_context(
        base_url=portal_server,
        bypass_csp=True,
        color_scheme="dark" if theme == "dark" else "light",
        viewport={"width": 420, "height": 900},
    )
    sign_in(context, world.people["administrator"], portal_server)
    tab = context.new_page()
    titles = {KEY: "Connected", READ_ONLY_KEY: "Connected", "another": "Wrong API key"}
    with hosting() as host:
        cloud = host.show(Cloud())
        for key, title in titles.items():
            tab.goto("/settings/directory/")
            tab.get_by_label("Address").fill(cloud.url)
            tab.get_by_label("API key").fill(key)
            tab.get_by_role("button", name="Test connection").click()
            expect(tab.locator("#tested h2")).to_have_text(title)
            found = [one["id"] for one in Axe().run(tab).response["violations"]]
            assert not found, key
            assert not tab.evaluate("document.documentElement.scrollWidth > innerWidth + 1")
            assert tab.get_by_label("API key").input_value() == key
            if folder := os.environ.get("SHOTS"):
                tab.screenshot(path=f"{folder}/{theme}-{title}-{len(key)}.png", full_page=True)
        tab.get_by_role("button", name="Save").click()
        expect(tab.get_by_label("API key")).to_have_value("")
    assert target_accounts.current("jumpcloud").api_key == "another"
    context.close()
