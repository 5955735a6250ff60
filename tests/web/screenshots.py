"""Screenshots of the portal after some days of work; run by `scripts/screenshots`, not by tests."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser
from playwright.sync_api import Page as Tab

from tests.web import believable, road

FOLDER = Path(os.environ.get("SCREENSHOTS_FOLDER", "docs/images"))
EVERYTHING = "SCREENSHOTS_EVERYTHING" in os.environ
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
HEIGHTS = {360: 740, 1280: 800, 2560: 1440}
SHOWN = {
    1280: ("home", "users", "user", "application", "review", "run", "groups"),
    360: ("home", "review"),
}
"""What the documents show, by the screen's width in pixels; each light and dark."""


def test_draw(browser: Browser, tmp_path: Path) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with road.served(tmp_path) as portal:
        with road.tab_of(browser, portal) as tab:
            believable.fill(tab, portal)
            pages = _pages(tab)
        _draw_sign_in(browser, portal)
        for theme in THEMES:
            for language in ("en-GB", "de-DE") if EVERYTHING else ("en-GB",):
                with _signed_in(browser, portal, color_scheme=theme, locale=language) as tab:
                    _draw(tab, pages, f"{theme}-{language[:2]}" if EVERYTHING else theme)


def _pages(tab: Tab) -> dict[str, str]:
    """The address of every page, by the name of its picture."""
    user = _link(tab, "/users/?q=kühn", "#list tbody a")
    group = _link(tab, "/groups/", "#list tbody a")
    application = _link(tab, "/applications/", "#list tbody a")
    return {
        "home": "/",
        "users": "/users/",
        "user": user,
        "user-edit": f"{user}edit/",
        "groups": "/groups/",
        "group": group,
        "applications": "/applications/",
        "catalogue": "/applications/new/",
        **{
            f"application-{tab_key}": f"{application}?tab={tab_key}"
            for tab_key in ("general-info", "bookmark", "user-groups")
        },
        "application": f"{application}?tab=identity-management",
        "credentials": f"{application}manual-import/",
        "imports": "/imports/",
        "review": "/imports/2/?kind=update",
        "review-everyone": "/imports/2/",
        "run": "/imports/1/",
        "settings-users": "/settings/user-management/",
        "settings-notifications": "/settings/notifications/",
        "settings-directory": "/settings/directory/",
        "administrators": "/settings/administrators/",
        "audit": "/insights/directory/",
        "profile": "/profile/",
        "two-factor": "/account/two-factor/",
    }


def _link(tab: Tab, where: str, selector: str) -> str:
    tab.goto(where)
    return re.sub(r"^https?://[^/]+", "", str(tab.locator(selector).first.get_attribute("href")))


@contextmanager
def _signed_in(browser: Browser, portal: road.Portal, **look: Any) -> Iterator[Tab]:
    context = browser.new_context(base_url=portal.address, **look)
    tab = context.new_page()
    tab.goto("/account/sign-in/")
    tab.locator("input[name=login]").fill(road.EMAIL)
    tab.locator("form button").first.click()
    tab.locator("input[name=password]").fill(road.PASSWORD)
    tab.locator("form button").first.click()
    tab.wait_for_url("**/")
    yield tab
    context.close()


def _draw_sign_in(browser: Browser, portal: road.Portal) -> None:
    for theme in THEMES:
        context = browser.new_context(
            base_url=portal.address, color_scheme=theme, viewport={"width": 1280, "height": 800}
        )
        tab = context.new_page()
        tab.goto("/account/sign-in/")
        tab.screenshot(path=FOLDER / f"sign-in-{theme}-1280.png")
        context.close()


def _draw(tab: Tab, pages: dict[str, str], mark: str) -> None:
    for width, height in HEIGHTS.items():
        tab.set_viewport_size({"width": width, "height": height})
        for name in pages if EVERYTHING else SHOWN.get(width, ()):
            tab.goto(pages[name])
            tab.screenshot(path=FOLDER / f"{name}-{mark}-{width}.png")
