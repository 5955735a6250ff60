"""No page is wider than the screen, however long the words on it are."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from rollcall.accounts.models import Account
from rollcall.directory.models import Application, Organization, User, UserGroup
from rollcall.imports.models import ChangeRecord, Connection, Run
from tests.web.browser import sign_in
from tests.web.pages_walk import addresses, look_at
from tests.web.world import World, build

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

WORD = "Donaudampfschifffahrtsgesellschaft" * 8
WIDEST = """[...document.body.querySelectorAll('*')].filter(
  (part) => !part.closest('.table-responsive')
    && part.getBoundingClientRect().right > window.innerWidth + 1
).map((part) => part.outerHTML.slice(0, 120).replace(/\\s+/g, " ")).slice(0, 6).join(' | ')"""
"""The parts of the page that stand out."""

WIDER = "document.documentElement.scrollWidth > window.innerWidth + 1"


@pytest.mark.parametrize("width", [1280, 360])
def test_no_word_makes_a_page_wider_than_the_screen(
    browser: Browser, portal_server: str, width: int
) -> None:
    world = build()
    lengthen(world)
    context = browser.new_context(
        base_url=portal_server, bypass_csp=True, viewport={"width": width, "height": 740}
    )
    sign_in(context, world.people["administrator"], portal_server)
    tab = context.new_page()
    wide = []
    for where in addresses(world):
        if look_at(tab, where) is not None and tab.evaluate(WIDER):
            wide.append(f"{where} {tab.evaluate(WIDEST)}")
    context.close()
    assert not wide, "\n".join(wide)


def lengthen(world: World) -> None:
    """Give everything that has a name one of 255 characters without a blank."""
    name = WORD[:255]
    Organization.objects.update(displayName=name)
    UserGroup.objects.update(name=name, description=WORD)
    Application.objects.update(displayLabel=name, description=WORD, ssoUrl=f"https://{name}.org")
    User.objects.filter(pk=world.user.pk).update(
        firstname=name,
        lastname=name,
        displayname=name,
        department=name,
        jobTitle=name,
        location=name,
        company=name,
        employeeIdentifier=name,
        email=f"{name}@example.org".lower(),
        username=name[:30],
    )
    Run.objects.update(started_by=name, address=name)
    Connection.objects.update(name=name[:64])
    ChangeRecord.objects.update(name=name, email=f"{name}@example.org")
    Account.objects.filter(pk=world.people["read_only"].pk).update(email=f"{WORD[:240]}@e.org")
