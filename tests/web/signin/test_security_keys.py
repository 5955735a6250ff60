"""A security key: added with a real browser's (virtual) authenticator, and asked for at sign-in."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from rollcall.audit.models import Event
from tests.web.world import PASSWORD, build

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
EMAIL = "administrator@example.com"


def plug_in(tab: Page) -> None:
    """A key in the machine that says yes to everything."""
    session = tab.context.new_cdp_session(tab)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "usb",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def sign_in(tab: Page, address: str) -> None:
    """Type e-mail and password at this address."""
    tab.goto(address)
    tab.get_by_label("E-mail").fill(EMAIL)
    tab.get_by_role("button", name="Continue").click()
    tab.get_by_label("Password").fill(PASSWORD)
    tab.get_by_role("button", name="Sign in").click()


def test_a_security_key_is_added_and_opens_the_portal(
    context: BrowserContext, portal_server: str, settings: Any
) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
    build()
    tab = context.new_page()
    base = portal_server.replace("127.0.0.1", "localhost")  # browsers give keys to names only
    plug_in(tab)
    sign_in(tab, f"{base}/account/sign-in/")
    expect(tab.get_by_role("heading", name="Home", exact=True)).to_be_visible()
    tab.goto(f"{base}/account/two-factor/webauthn/add/")
    tab.get_by_label("Password").fill(PASSWORD)
    tab.get_by_role("button", name="Confirm").click()
    tab.get_by_label("Name").fill("Blue key")
    tab.get_by_role("button", name="Add").click()
    # the browser and the key talk first; what is opened meanwhile would cut them short
    expect(tab).not_to_have_url(re.compile("webauthn/add"))
    tab.goto(f"{base}/account/two-factor/webauthn/")
    expect(tab.get_by_text("Blue key")).to_be_visible()
    assert tab.evaluate("window.violations") == []
    added = Event.objects.filter(action="account.second_factor.add", actor_name=EMAIL)
    assert {"kind": "webauthn"} in [event.after for event in added]
    context.clear_cookies()
    sign_in(tab, f"{base}/account/sign-in/?next=/users/")
    tab.get_by_role("button", name="Use a security key").click()
    expect(tab.get_by_role("heading", name="Users", exact=True)).to_be_visible()


def test_a_passkey_signs_in_without_a_password(
    context: BrowserContext, portal_server: str, settings: Any
) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
    build()
    tab = context.new_page()
    base = portal_server.replace("127.0.0.1", "localhost")
    plug_in(tab)
    sign_in(tab, f"{base}/account/sign-in/")
    tab.goto(f"{base}/account/two-factor/webauthn/add/")
    tab.get_by_label("Password", exact=True).fill(PASSWORD)
    tab.get_by_role("button", name="Confirm").click()
    tab.get_by_label("Name").fill("Phone")
    tab.get_by_label("Passwordless").check()
    tab.get_by_role("button", name="Add").click()
    expect(tab).not_to_have_url(re.compile("webauthn/add"))
    tab.goto(f"{base}/me/security/")
    expect(tab.get_by_text("Passkey", exact=True)).to_be_visible()
    context.clear_cookies()
    tab.goto(f"{base}/account/sign-in/?next=/users/")
    tab.get_by_role("button", name="Sign in with a passkey").click()
    expect(tab.get_by_role("heading", name="Users", exact=True)).to_be_visible()
    assert tab.evaluate("window.violations") == []
    signed_in = Event.objects.filter(action="account.sign_in").latest("pk")
    assert signed_in.details["mfa"] is True
