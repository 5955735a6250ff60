"""From an empty database to a user in a group bound to Personio, by the labels on the screen."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.mail.mailbox import listening
from tests.terminal import sandbox
from tests.web import road

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_eighty_seven_people_come_in_live_and_are_bound(browser: Browser, tmp_path: Path) -> None:
    with (
        sandbox("--people", "87") as personio,
        road.served(tmp_path) as portal,
        road.tab_of(browser, portal) as tab,
    ):
        road.become_the_first_administrator(tab, portal)
        road.let_imported_users_be_active(tab)
        road.configure_personio(tab)
        road.preview(tab, personio)
        expect(tab.locator("main")).to_contain_text("Results come in live, person by person.")
        road.carry_out(tab)
        counts = road.counts(tab)
        assert sum(counts.values()) == 87
        users = portal.terminal.users("--limit", "0")
        assert len(users) == counts["Created"] > 70
        assert "ACTIVATED" in {one["state"] for one in users}
        road.bind_them(tab, "Everyone")
        assert tab.evaluate("window.violations") == []


def test_of_two_hundred_and_fifty_an_email_tells_what_the_page_tells(
    browser: Browser, tmp_path: Path
) -> None:
    with (
        sandbox("--people", "250") as personio,
        listening() as mailbox,
        road.served(tmp_path, ROLLCALL_SMTP_URL=mailbox.url) as portal,
        road.tab_of(browser, portal) as tab,
    ):
        road.become_the_first_administrator(tab, portal)
        road.configure_personio(tab)
        road.preview(tab, personio)
        expect(tab.locator("main")).to_contain_text(f"an e-mail goes to {road.EMAIL}")
        road.carry_out(tab)
        counts = road.counts(tab)
        tab.wait_for_timeout(500)
        [letter] = mailbox.letters
        assert letter["To"] == road.EMAIL
        for body in (letter.get_body(("plain",)), letter.get_body(("html",))):
            assert body is not None
            assert counts_of(body.get_content()) == counts
        plain = letter.get_body(("plain",))
        assert plain is not None
        link = re.search(r"http://\S+/imports/1/", plain.get_content())
        assert link is not None
        tab.goto(link[0])
        assert road.counts(tab) == counts
        road.bind_them(tab, "Everyone")


def test_without_javascript_the_road_leads_to_the_same_end(
    browser: Browser, tmp_path: Path
) -> None:
    with (
        sandbox("--people", "12") as personio,
        road.served(tmp_path) as portal,
        road.tab_of(browser, portal, javascript=False) as tab,
    ):
        road.become_the_first_administrator(tab, portal)
        tab.goto("/applications/new/personio/")
        tab.get_by_label("Application URL").fill("https://mycompany.personio.de")
        road.press(tab, "activate")
        road.follow(tab, "manual import")
        road.confirm_credentials(tab, personio)
        expect(tab.get_by_role("heading", name="Preview")).to_be_visible(timeout=30_000)
        road.press(tab, "Import")
        road.say_yes(tab, "Import")
        assert sum(road.counts(tab).values()) == 12
        tab.get_by_text("Bind everyone of this import to Personio").click()
        road.press(tab, "Bind")
        road.say_yes(tab, "Bind")
        expect(tab.locator("#user-groups")).to_contain_text("Personio")


def counts_of(text: str) -> dict[str, int]:
    """The counts that an e-mail names, without the results that nobody had."""
    words = (
        "Created|Updated|Activated|Suspended|Reactivated|Unchanged|Skipped|Conflict|Invalid|Failed"
    )
    found = re.findall(rf"\b({words})\b(?:<[^>]*>|[\s:])*(\d+)", text)
    return {label: int(number) for label, number in found if int(number)}
