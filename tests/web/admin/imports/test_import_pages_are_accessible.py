"""axe-core finds nothing on an import's page in any state, on a telephone as on a desk."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser
from playwright.sync_api import Page as Tab

from rollcall.imports.models import Connection, Run
from tests.web import runs
from tests.web.browser import sign_in
from tests.web.world import World, build

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

WIDE = """
[...document.querySelectorAll("main *")]
  .filter((one) => !one.closest(".table-responsive"))
  .filter((one) => one.getBoundingClientRect().right > window.innerWidth + 1)
  .map((one) => one.outerHTML.slice(0, 80)).join(" | ").slice(0, 600)
"""


def violations(tab: Tab, where: str) -> list[str]:
    """What axe finds on this page, and whether it is wider than the screen."""
    tab.goto(where)
    for closed in tab.locator("details.advanced summary").all():
        closed.click()
    found = [
        f"{one['id']}: {node['html'][:160]}"
        for one in Axe().run(tab).response["violations"]
        for node in one["nodes"]
    ]
    if tab.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1"):
        found.append("the page is wider than the screen: " + tab.evaluate(WIDE))
    return found


def pages(world: World) -> dict[str, str]:
    """The pages that the walk over all pages does not see in the ordinary world."""
    stopped = runs.in_review(world)
    Run.objects.filter(pk=stopped.pk).update(
        number=10, state="stopped", error_code="safeguard", error="Nothing was written."
    )
    waiting = runs.in_review(world, people=120)
    Run.objects.filter(pk=waiting.pk).update(number=20)
    working = runs.at_work(world, done=6)
    Connection.objects.update(sealed_credentials=b"sealed")
    application = f"/applications/{world.application.pk}/"
    return {
        "stopped": "/imports/10/",
        "preview": "/imports/20/",
        "a tab of the preview": "/imports/20/?kind=create",
        "at work": f"/imports/{working.number}/",
        "identity management": f"{application}?tab=identity-management",
        "user groups": f"{application}?tab=user-groups",
        "bookmark": f"{application}?tab=bookmark",
        "credentials": f"{application}manual-import/",
        "nothing found": "/applications/new/?q=nosuchthing",
    }


@pytest.mark.parametrize(
    ("language", "theme", "width"), [("en", "light", 1280), ("de", "dark", 360)]
)
def test_axe_finds_nothing(
    browser: Browser, portal_server: str, language: str, theme: str, width: int
) -> None:
    world = build()
    context = browser.new_context(
        base_url=portal_server,
        bypass_csp=True,
        locale=language,
        color_scheme="dark" if theme == "dark" else "light",
        viewport={"width": width, "height": 800},
    )
    sign_in(context, world.people["administrator"], portal_server)
    tab = context.new_page()
    found = {name: violations(tab, where) for name, where in pages(world).items()}
    context.close()
    assert {name: one for name, one in found.items() if one} == {}
