"""The pages that the browser tests walk: every registered one, and those of sign-in."""

from __future__ import annotations

from collections.abc import Iterator

from playwright.sync_api import Page as Tab
from playwright.sync_api import Response

from tests.web.world import World, address, readable_pages

SIGN_IN_PAGES = ("/account/sign-in/", "/account/password/forgotten/", "/first-start/no-token/")
ACCOUNT_PAGES = (
    "/account/password/change/",
    "/account/two-factor/",
    "/account/two-factor/totp/activate/",
    "/account/two-factor/webauthn/add/",
    "/account/two-factor/webauthn/",
    "/account/confirm/",
    "/account/sign-out/",
    "/no-such-page/",
)
STREAMS = ("run-live",)
"""Pages that are no documents and may never end."""


def addresses(world: World) -> Iterator[str]:
    """The address of every page that an administrator can look at."""
    yield from (address(page, world) for page in readable_pages() if page.name not in STREAMS)
    yield from ACCOUNT_PAGES


def look_at(tab: Tab, where: str) -> Response | None:
    """Open the address; None where it is no document (a file, a part of a page)."""
    answer = tab.request.get(where, max_redirects=5)
    if "text/html" not in answer.headers.get("content-type", "") or "<html" not in answer.text():
        return None
    return tab.goto(where, wait_until="load")
