"""axe-core finds nothing on any page, in both languages and both themes."""

from __future__ import annotations

from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser
from playwright.sync_api import Page as Tab

from tests.web.browser import sign_in
from tests.web.pages_walk import SIGN_IN_PAGES, addresses, look_at
from tests.web.world import build

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

Theme = Literal["light", "dark"]


@pytest.mark.parametrize(("language", "theme"), [("en", "light"), ("de", "dark")])
def test_axe_finds_nothing_on_any_page(
    browser: Browser, portal_server: str, language: str, theme: Theme
) -> None:
    world = build()
    context = browser.new_context(
        base_url=portal_server, bypass_csp=True, locale=language, color_scheme=theme
    )
    tab = context.new_page()
    found = {where: _violations(tab, where) for where in SIGN_IN_PAGES}
    sign_in(context, world.people["administrator"], portal_server)
    found |= {where: _violations(tab, where) for where in addresses(world)}
    context.close()
    _assert_clean(found)


def test_pages_are_clean_on_a_telephone(browser: Browser, portal_server: str) -> None:
    world = build()
    context = browser.new_context(
        base_url=portal_server, bypass_csp=True, viewport={"width": 360, "height": 740}
    )
    sign_in(context, world.people["administrator"], portal_server)
    tab = context.new_page()
    problems: dict[str, list[str]] = {}
    for where in addresses(world):
        problems[where] = _violations(tab, where)
        if tab.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1"):
            problems[where].append("the page is wider than the screen")
    context.close()
    _assert_clean(problems)


def test_axe_does_find_what_is_wrong(browser: Browser, portal_server: str) -> None:
    context = browser.new_context(base_url=portal_server, bypass_csp=True)
    tab = context.new_page()
    tab.goto("/account/sign-in/")
    tab.evaluate("document.querySelectorAll('label').forEach((label) => label.remove())")
    found = Axe().run(tab).response
    context.close()
    assert "label" in [one["id"] for one in found["violations"]]
    assert len(found["passes"]) > 10


def _assert_clean(found: dict[str, list[str]]) -> None:
    lines = [f"{where}: {one}" for where, problems in found.items() for one in problems]
    assert not lines, "\n".join(lines)


def _violations(tab: Tab, where: str) -> list[str]:
    if look_at(tab, where) is None:
        return []
    report = Axe().run(tab).response
    return [
        f"{one['id']}: {node['html'][:160]} {node.get('failureSummary', '')[:200]}"
        for one in report["violations"]
        for node in one["nodes"]
    ]
