"""Screenshots of the portal after some days of work; run by `scripts/screenshots`, not by tests."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, expect
from playwright.sync_api import Page as Tab

from tests.mail.mailbox import free_port
from tests.web import believable, road

FOLDER = Path(os.environ.get("SCREENSHOTS_FOLDER", "docs/images"))
EVERYTHING = "SCREENSHOTS_EVERYTHING" in os.environ
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
HEIGHTS = {360: 740, 1280: 800, 2560: 1440}
SHOWN = {
    1280: (
        *("home", "users", "user", "application", "review", "run", "groups"),
        *("sign-on", "policy-new", "what-if", "events"),
    ),
    360: ("home", "review"),
}
"""What the documents show, by the screen's width in pixels; each light and dark."""


def test_draw(browser: Browser, tmp_path: Path) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    port = str(free_port())
    own = {"ROLLCALL_BASE_URL": f"http://localhost:{port}"}
    with road.served(tmp_path, "--port", port, **own) as portal:
        with road.tab_of(browser, portal) as tab:
            believable.fill(tab, portal)
            wiki, link = _access(portal)
            pages = _pages(tab) | {"sign-on": f"/applications/{wiki}/?tab=sso"}
        _draw_sign_in(browser, portal)
        _draw_user_portal(browser, portal, link)
        for theme in THEMES:
            for language in ("en-GB", "de-DE") if EVERYTHING else ("en-GB",):
                with _signed_in(browser, portal, color_scheme=theme, locale=language) as tab:
                    _draw(tab, pages, f"{theme}-{language[:2]}" if EVERYTHING else theme)


def _access(portal: road.Portal) -> tuple[str, str]:
    """An application with sign-on for all employees; its id, and the link that lets one in."""
    answered = ("--redirect-uri", "https://wiki.mycompany.example/callback")
    wiki = portal.terminal.json("applications", "create", "oidc", "--label", "Wiki", *answered)
    portal.terminal.run("applications", "bind", wiki["id"], "--group", "All employees")
    [person, *_] = (
        user for user in portal.terminal.users("--limit", "0") if user["state"] == "ACTIVATED"
    )
    said = portal.terminal.run("users", "activate", person["email"]).stdout
    [link] = re.findall(r"http://\S+", said)
    return str(wiki["id"]), link


def _draw_user_portal(browser: Browser, portal: road.Portal, link: str) -> None:
    """What somebody sees who has just set a password."""
    with road.tab_of(browser, portal) as tab:
        tab.goto(link)
        email = re.search(r"[\w.+-]+@[\w.-]+\w", tab.locator("main").inner_text())
        assert email is not None
        tab.get_by_label("Password", exact=True).fill(road.PASSWORD)
        tab.get_by_label("Password, once more").fill(road.PASSWORD)
        road.press(tab, "Set password")
        tab.get_by_label("E-mail or username").fill(email[0])
        road.press(tab, "Continue")
        tab.get_by_label("Password", exact=True).fill(road.PASSWORD)
        road.press(tab, "Sign in")
        expect(tab.get_by_role("heading", name="Applications")).to_be_visible()
        for theme in THEMES:
            tab.emulate_media(color_scheme=theme)
            for width in (360, 1280):
                tab.set_viewport_size({"width": width, "height": HEIGHTS[width]})
                tab.goto("/me/")
                tab.screenshot(path=FOLDER / f"me-{theme}-{width}.png")


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
        "events": "/insights/directory/",
        "policies": "/conditional-policies/",
        "policy-new": "/conditional-policies/new/",
        "what-if": "/conditional-policies/what-if/",
        "settings-passwords": "/settings/passwords/",
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
