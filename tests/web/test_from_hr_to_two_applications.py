"""From HR to two real applications: imported, activated, signed in at both, suspended, out again.

Debian: apache2, libapache2-mod-auth-openidc, libapache2-mod-auth-mellon. Without them the test is
skipped.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from cryptography.hazmat.primitives.asymmetric import rsa
from playwright.sync_api import Browser, expect
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page as Tab

from tests.access.oidc import test_apache as with_openidc
from tests.access.oidc.relying_party import CHALLENGE, VERIFIER
from tests.access.oidc.test_apache import free_port
from tests.access.saml import test_apache as with_mellon
from tests.mail.mailbox import Mailbox, listening
from tests.terminal import sandbox
from tests.waiting import wait_until
from tests.web import road
from tests.web.signin.test_security_keys import plug_in

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    *with_openidc.pytestmark[2:],
    *with_mellon.pytestmark[2:],
]
GROUP = "Engineering"
PASSWORD = "seven herons over the weir"
KEY = "Blue key"


@dataclass(frozen=True)
class Site:
    """A protected page of an application on this machine, and what its provider knows of it."""

    page: str
    client_id: str = ""
    secret: str = ""

    @property
    def landing(self) -> str:
        """Where the application takes codes, beside the address of the module's own."""
        return f"{self.page}landing"


@pytest.fixture(autouse=True)
def _quick_passwords() -> None:
    """Not here: the server knows no other hashes than its own."""


def activation_link(mailbox: Mailbox, email: str) -> str:
    """The link in the activation e-mail to this address, once it is there."""

    def theirs() -> list[EmailMessage]:
        return [letter for letter in mailbox.letters if letter["To"] == email]

    wait_until(lambda: bool(theirs()))
    body = theirs()[0].get_body(("plain",))
    assert body is not None
    link = re.search(r"http://\S+/set-password/\S+", body.get_content())
    assert link is not None, body.get_content()
    return link[0]


def own_account(tab: Tab, link: str, email: str) -> None:
    """Behind the link in the e-mail: a password; then telephone and passkey as second factors."""
    tab.goto(link)
    tab.get_by_label("Password", exact=True).fill(PASSWORD)
    tab.get_by_label("Password, once more").fill(PASSWORD)
    road.press(tab, "Set password")
    type_password(tab, email)
    expect(tab.get_by_role("heading", name="Applications")).to_be_visible()
    tab.goto("/account/two-factor/totp/activate/")
    tab.get_by_label("Password", exact=True).fill(PASSWORD)
    road.press(tab, "Confirm")
    secret = tab.get_by_label("Authenticator secret").input_value()
    counter = next(iter(yield_hotp_counters_from_time()))
    code = str(format_hotp_value(hotp_value(secret, counter)))
    tab.get_by_label("Authenticator code").fill(code)
    road.press(tab, "Activate")
    expect(tab.get_by_text("Authenticator app activated.")).to_be_visible()
    tab.goto("/account/two-factor/webauthn/add/")
    tab.get_by_label("Name").fill(KEY)
    road.press(tab, "Add")
    expect(tab).not_to_have_url(re.compile("webauthn/add"))
    tab.goto("/account/two-factor/webauthn/")
    expect(tab.get_by_text(KEY)).to_be_visible()


def type_password(tab: Tab, email: str) -> None:
    """The two steps of sign-in."""
    tab.get_by_label("E-mail or username").fill(email)
    road.press(tab, "Continue")
    tab.get_by_label("Password", exact=True).fill(PASSWORD)
    road.press(tab, "Sign in")


@contextmanager
def wiki(portal: road.Portal) -> Iterator[Site]:
    """An application behind Apache with mod_auth_openidc, bound to the group."""
    port = free_port()
    page = f"http://127.0.0.1:{port}/protected/"
    words = ("--redirect-uri", f"{page}callback", "--redirect-uri", f"{page}landing")
    made = portal.terminal.json("applications", "create", "oidc", "--label", "Wiki", *words)
    bound = portal.terminal.run("applications", "bind", made["id"], "--group", GROUP)
    assert bound.returncode == 0, bound.stderr
    known = made["client_id"], made["client_secret"]
    with with_openidc.apache(*known, made["issuer"], port) as protected:
        yield Site(protected, *known)


@contextmanager
def intranet(portal: road.Portal, key: rsa.RSAPrivateKey) -> Iterator[Site]:
    """An application behind Apache with mod_auth_mellon, bound to the group."""
    port = free_port()
    # Not pytest's folder, which Apache's own user cannot enter.
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        # by the name that Rollcall has here: elsewhere, without https, a browser posts no cookie
        with_mellon.described(f"http://localhost:{port}", key, folder)
        words = ("--sp-metadata", str(folder / "sp.xml"), "--groups", "memberOf")
        made = portal.terminal.json("applications", "create", "saml", "--label", "Intranet", *words)
        bound = portal.terminal.run("applications", "bind", made["id"], "--group", GROUP)
        assert bound.returncode == 0, bound.stderr
        (folder / "idp.xml").write_bytes(httpx.get(made["metadata_url"]).content)
        with with_mellon.apache(folder, port, f"MellonCond memberOf {GROUP}") as protected:
            yield Site(protected.replace("127.0.0.1", "localhost"))


def tokens(tab: Tab, address: str, site: Site) -> dict[str, Any]:
    """What the application itself is given for the person who is signed in in this tab."""
    asked = {
        "response_type": "code",
        "client_id": site.client_id,
        "redirect_uri": site.landing,
        "scope": "openid offline_access",
        "state": "af0ifjsldkj",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
    }
    tab.goto(f"{address}/oauth2/auth?{urlencode(asked)}")
    [code] = parse_qs(urlsplit(tab.url).query)["code"]
    answer = exchanged(
        address,
        site,
        grant_type="authorization_code",
        code=code,
        code_verifier=VERIFIER,
        redirect_uri=site.landing,
    )
    assert answer.status_code == 200, answer.text
    given: dict[str, Any] = answer.json()
    return given


def exchanged(address: str, site: Site, **form: str) -> httpx.Response:
    """The token endpoint's answer to the application."""
    pair = (site.client_id, site.secret)
    return httpx.post(f"{address}/oauth2/token", data=form, auth=pair, timeout=60)


def imported_and_activated(tab: Tab, portal: road.Portal, personio: dict[str, str]) -> None:
    """The administrator's road: import, bind to a group, activate its people."""
    road.become_the_first_administrator(tab, portal)
    road.configure_personio(tab)
    road.preview(tab, personio)
    road.carry_out(tab)
    assert road.counts(tab)["Created"] > 5
    road.bind_them(tab, GROUP)
    [group] = portal.terminal.json("groups")
    tab.goto(f"/users/?group={group['id']}")
    tab.get_by_label("Selected").select_option("all")
    road.press(tab, "Send activation e-mail")
    road.press(tab, "Send")


def is_inside(tab: Tab, site: Site) -> bool:
    """Whether the application shows its protected page; an answer may lack its status line."""
    try:
        tab.goto(site.page)
    except PlaywrightError:
        return False
    return tab.inner_text("body").strip() == "inside"


def suspend(tab: Tab, user: str) -> None:
    """Users → the person → Suspend."""
    tab.goto(f"/users/{user}/")
    road.press(tab, "Suspend")
    road.say_yes(tab, "Suspend")
    expect(tab.locator("main")).to_contain_text("Suspended")


def test_somebody_from_hr_is_in_at_two_applications_until_suspended(
    browser: Browser, tmp_path: Path
) -> None:
    port = free_port()
    address = f"http://localhost:{port}"
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    with (
        sandbox("--people", "12", "--no-peculiarities") as personio,
        listening() as mailbox,
        road.served(
            tmp_path,
            *("--port", str(port)),
            ROLLCALL_BASE_URL=address,
            ROLLCALL_SMTP_URL=mailbox.url,
            # whom the worker may tell that somebody is out
            ROLLCALL_ALLOWED_ADDRESSES="http://127.0.0.1:*,http://localhost:*",
        ) as portal,
        road.tab_of(browser, portal) as admin,
        road.tab_of(browser, portal) as tab,
    ):
        imported_and_activated(admin, portal, personio)
        with wiki(portal) as oidc, intranet(portal, key) as saml:
            person = portal.terminal.users()[0]
            plug_in(tab)
            own_account(tab, activation_link(mailbox, person["email"]), person["email"])
            tab.context.clear_cookies()
            tab.goto(oidc.page)
            type_password(tab, person["email"])
            road.press(tab, "Use a security key")
            expect(tab.get_by_text("inside", exact=True)).to_be_visible()
            tab.goto(saml.page)
            expect(tab.get_by_text("inside", exact=True)).to_be_visible()
            refresh = tokens(tab, address, oidc)["refresh_token"]
            suspend(admin, person["id"])
            refused = exchanged(address, oidc, grant_type="refresh_token", refresh_token=refresh)
            assert (refused.status_code, refused.json()["error"]) == (400, "invalid_grant")
            wait_until(lambda: not is_inside(tab, oidc))
            wait_until(lambda: not is_inside(tab, saml))
