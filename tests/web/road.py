"""The road of an administrator: a served portal of its own, and the steps with their labels."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, expect
from playwright.sync_api import Page as Tab

from tests.terminal import Terminal
from tests.web.browser import WATCH_VIOLATIONS

EMAIL = "ada@example.com"
PASSWORD = "a quiet river in may"


@dataclass(frozen=True)
class Portal:
    """A portal as `rollcall serve` makes it from an empty data folder."""

    address: str
    first_link: str
    terminal: Terminal


@contextmanager
def served(folder: Path, *words: str, **settings: str) -> Iterator[Portal]:
    """`rollcall serve` in a process of its own, on an empty folder and a free port."""
    terminal = Terminal(folder, settings)
    with terminal.running("serve", "--port", "0", *words) as process:
        assert process.stdout is not None
        said = ""
        while "/first-start/" not in said:
            line = process.stdout.readline()
            assert line, f"the server ended: {said}"
            said += line
        links = re.findall(r"http://\S+", said)
        yield Portal(links[0], links[1], terminal)


@contextmanager
def tab_of(browser: Browser, portal: Portal, *, javascript: bool = True) -> Iterator[Tab]:
    """A tab of a fresh browser profile; relative addresses lead to the portal."""
    context = browser.new_context(
        base_url=portal.address, locale="en-GB", java_script_enabled=javascript
    )
    context.set_default_timeout(60_000)
    context.add_init_script(WATCH_VIOLATIONS)
    yield context.new_page()
    context.close()


def press(tab: Tab, label: str) -> None:
    """Press the button of exactly this label."""
    tab.get_by_role("button", name=label, exact=True).first.click()


def say_yes(tab: Tab, label: str) -> None:
    """Press the button of exactly this label on the page that asks once, when it is there."""
    asked = tab.locator("form:has(input[name=confirmed])")
    asked.get_by_role("button", name=label, exact=True).click()


def follow(tab: Tab, label: str) -> None:
    """Follow the link of exactly this label."""
    tab.get_by_role("link", name=label, exact=True).first.click()


def become_the_first_administrator(tab: Tab, portal: Portal) -> None:
    """Behind the one-time link: e-mail and password."""
    tab.goto(portal.first_link)
    tab.get_by_label("E-mail").fill(EMAIL)
    tab.get_by_label("Password", exact=True).fill(PASSWORD)
    tab.get_by_label("Password, once more").fill(PASSWORD)
    tab.locator("main button, form button").first.click()
    expect(tab.get_by_role("heading", name="Home")).to_be_visible()


def let_imported_users_be_active(tab: Tab) -> None:
    """Settings → User Management: Active for Application / Directory Integrations."""
    follow(tab, "Settings")
    expect(tab.get_by_role("heading", name="User Management")).to_be_visible()
    integrations = tab.get_by_role("group", name="Application / Directory Integrations")
    integrations.get_by_label("Active").check()
    press(tab, "Save")
    expect(tab.get_by_text("Saved.")).to_be_visible()


def configure_personio(tab: Tab) -> None:
    """SSO Applications → Personio → configure → General Info, Bookmark → activate."""
    follow(tab, "SSO Applications")
    first = (
        tab.get_by_role("heading", name="Featured Applications")
        .locator("xpath=..")
        .locator("li")
        .first
    )
    expect(first).to_contain_text("Personio")
    first.hover()
    first.get_by_role("link", name="configure Personio").click()
    tab.get_by_label("Display Label").fill("Personio of Mycompany")
    tab.get_by_role("tab", name="Bookmark").click()
    tab.get_by_label("Application URL").fill("https://mycompany.personio.de")
    press(tab, "activate")
    expect(tab.get_by_text("Personio of Mycompany is active.")).to_be_visible()
    follow(tab, "SSO Applications")
    follow(tab, "Personio of Mycompany")
    expect(tab.get_by_label("Display Label")).to_have_value("Personio of Mycompany")


def confirm_credentials(
    tab: Tab, personio: dict[str, str], secret: str = "", account: str = ""
) -> None:
    """Confirm Credentials → Continue."""
    tab.get_by_label("Client ID").fill(personio["PERSONIO_CLIENT_ID"])
    tab.get_by_label("Client Secret").fill(secret or personio["PERSONIO_CLIENT_SECRET"])
    if not tab.get_by_label("API address").is_visible():
        tab.get_by_text("advanced", exact=True).click()
    tab.get_by_label("API address").fill(personio["PERSONIO_URL"])
    tab.get_by_label("Account name").fill(account)
    press(tab, "Continue")


def preview(tab: Tab, personio: dict[str, str], account: str = "") -> None:
    """Identity Management → manual import → Confirm Credentials → Preview."""
    tab.get_by_role("tab", name="Identity Management").click()
    follow(tab, "manual import")
    expect(tab.get_by_role("heading", name="Confirm Credentials")).to_be_visible()
    confirm_credentials(tab, personio, account=account)
    expect(tab.get_by_role("heading", name="Preview")).to_be_visible(timeout=30_000)


def carry_out(tab: Tab) -> None:
    """Import, and say yes once."""
    press(tab, "Import")
    say_yes(tab, "Import")


def counts(tab: Tab) -> dict[str, int]:
    """The counts on the page of an ended import."""
    expect(tab.locator("main")).to_contain_text("Completed", timeout=60_000)
    labels = tab.locator("#counts dt").all_inner_texts()
    numbers = tab.locator("#counts dd").all_inner_texts()
    return {
        label: int(number.replace(",", "")) for label, number in zip(labels, numbers, strict=True)
    }


def bind_them(tab: Tab, group: str) -> None:
    """Identity Management: those who have nothing yet, into a new group, with one confirmation."""
    follow(tab, "SSO Applications")
    follow(tab, "Personio of Mycompany")
    tab.get_by_role("tab", name="Identity Management").click()
    expect(tab.locator("#identity-management")).to_contain_text(
        "in no group bound to Personio of Mycompany yet"
    )
    follow(tab, "Bind them")
    tab.get_by_label("Name of the new group").fill(group)
    press(tab, "Bind")
    say_yes(tab, "Bind")
    expect(tab.get_by_role("tabpanel", name="User Groups")).to_contain_text(group)
    tab.get_by_role("tab", name="Identity Management").click()
    expect(tab.locator("#identity-management")).to_contain_text(
        "Every imported user is in a group bound to Personio of Mycompany."
    )
