"""The user portal in a real browser: clean for axe, in both languages, on a telephone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from rollcall.accounts import activation
from rollcall.directory.services import HAND
from tests.actors import ADMIN
from tests.web.browser import sign_in
from tests.web.test_every_page_is_accessible import Theme, _assert_clean, _violations
from tests.web.world import PASSWORD, build

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAGES = (
    "/me/",
    "/me/profile/",
    "/me/security/",
    "/me/activity/",
    "/profile/sessions/",
    "/account/password/change/",
    "/account/two-factor/",
)


@pytest.mark.parametrize(("language", "theme"), [("en", "light"), ("de", "dark")])
def test_the_user_portal_is_clean_and_fits_a_telephone(
    browser: Browser, portal_server: str, language: str, theme: Theme
) -> None:
    world = build()
    account = activation.give_password(ADMIN, HAND, world.user.pk, PASSWORD, must_change=False)
    context = browser.new_context(
        base_url=portal_server,
        bypass_csp=True,
        locale=language,
        color_scheme=theme,
        viewport={"width": 360, "height": 740},
    )
    sign_in(context, account, portal_server)
    tab = context.new_page()
    problems: dict[str, list[str]] = {}
    for where in PAGES:
        problems[where] = _violations(tab, where)
        if tab.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1"):
            problems[where].append("the page is wider than the screen")
    context.close()
    _assert_clean(problems)
