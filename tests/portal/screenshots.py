"""Screenshots of the main pages; run by `scripts/screenshots`, not by the tests."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from playwright.sync_api import Page as Tab

from rollcall.portal.access import PAGES
from tests.portal.browser import sign_in
from tests.portal.world import World, address, build

MAIN = (
    "home",
    "users",
    "user",
    "groups",
    "group",
    "applications",
    "application",
    "imports",
    "run",
    "settings-users",
    "settings-administrators",
    "audit",
)
WIDTHS = (360, 1280, 2560)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_draw_the_main_pages(browser: Browser, portal_server: str, theme: str, width: int) -> None:
    world = build()
    folder = Path(os.environ.get("SCREENSHOTS_FOLDER", "docs/images"))
    folder.mkdir(parents=True, exist_ok=True)
    context = browser.new_context(
        base_url=portal_server,
        viewport={"width": width, "height": 1440 if width > 2000 else 800},
        color_scheme="dark" if theme == "dark" else "light",
        locale="en-GB",
    )
    tab = context.new_page()
    _draw(tab, "/account/sign-in/", folder / f"sign-in-{theme}-{width}.png")
    sign_in(context, world.people["administrator"], portal_server)
    _draw_pages(tab, world, folder, f"{theme}-{width}")
    context.close()


def _draw_pages(tab: Tab, world: World, folder: Path, mark: str) -> None:
    for name in MAIN:
        if name in PAGES:
            _draw(tab, address(PAGES[name], world), folder / f"{name}-{mark}.png")


def _draw(tab: Tab, where: str, file: Path) -> None:
    tab.goto(where)
    tab.screenshot(path=file, full_page=True)
