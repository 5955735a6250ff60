"""A real browser (Debian's Chromium) before a real server: uvicorn in a process of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import Browser, BrowserContext, Playwright, expect, sync_playwright

from rollcall.accounts.models import Account
from tests.terminal import end
from tests.vendor_contracts import missing

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
PATIENCE = 60_000
"""Milliseconds that a page is given to become as it is expected, on a machine with much to do."""

MISSING = f"no Chromium at {CHROMIUM} (apt-get install chromium)"

WATCH_VIOLATIONS = """
window.violations = [];
document.addEventListener('securitypolicyviolation', (event) => window.violations.push(
  event.effectiveDirective + ' ' + event.blockedURI + ' ' + event.sourceFile + ' ' + event.sample));
"""


def database_url() -> str:
    """The tests' database as a URL, for another process."""
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        return f"sqlite:///{database['NAME']}"
    user, password = quote(database["USER"]), quote(database["PASSWORD"])
    host = database["HOST"] or "localhost"
    return f"postgresql://{user}:{password}@{host}:{database['PORT'] or 5432}/{database['NAME']}"


def serve(environment: dict[str, str]) -> Iterator[str]:
    """Run the portal with uvicorn on a free port while the generator is held; yields the URL."""
    with tempfile.NamedTemporaryFile("w+", suffix=".log") as log:
        process = subprocess.Popen(
            [
                sys.executable,
                *("-m", "uvicorn", "rollcall.project.asgi:application"),
                *("--host", "127.0.0.1", "--port", "0", "--no-access-log", "--lifespan", "off"),
            ],
            env={**os.environ, **environment},
            stdout=log,
            stderr=log,
        )
        try:
            yield _address(process, Path(log.name))
        finally:
            end(process)


def _address(process: subprocess.Popen[bytes], log: Path) -> str:
    for _ in range(1200):
        if found := re.search(r"running on (http://\S+)", log.read_text(encoding="utf-8")):
            return found[1]
        if process.poll() is not None:
            break
        time.sleep(0.1)
    raise RuntimeError(f"the server did not start:\n{log.read_text(encoding='utf-8')}")


@pytest.fixture(scope="session")
def portal_server(django_db_setup: None) -> Iterator[str]:
    """The address of a server on the tests' own database, such as `http://127.0.0.1:41234`.

    A test that uses it needs committed rows: `@pytest.mark.django_db(transaction=True)`.
    """
    yield from serve(
        {"ROLLCALL_DATABASE_URL": database_url(), "ROLLCALL_DATA_DIR": str(settings.DATA_DIR)}
    )


@pytest.fixture(scope="module")
def _playwright() -> Iterator[Playwright]:
    if not CHROMIUM.exists():
        missing(MISSING)
    # Playwright keeps an event loop in this thread: the ORM would refuse to work beside it, and no
    # other test could run a loop of its own, so it ends with the module.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        yield playwright
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="module")
def browser(_playwright: Playwright) -> Iterator[Browser]:
    """Chromium, started once for the tests of a module."""
    expect.set_options(timeout=PATIENCE)
    found = _playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
    yield found
    found.close()


@pytest.fixture
def context(browser: Browser, portal_server: str) -> Iterator[BrowserContext]:
    """A fresh browser profile; relative addresses lead to the server."""
    made = browser.new_context(base_url=portal_server, locale="en-GB")
    made.set_default_timeout(10_000)
    made.add_init_script(WATCH_VIOLATIONS)
    yield made
    made.close()


def sign_in(context: BrowserContext, account: Account, server: str) -> None:
    """Sign them in without the form: a session in the database, a cookie in the browser."""
    session = SessionStore()
    session[SESSION_KEY] = str(account.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
    session[HASH_SESSION_KEY] = account.get_session_auth_hash()
    # As if they had just confirmed their password, so that the pages behind that are open too.
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time(), "reauthenticated": True}
    ]
    session["account_authentication_methods_user"] = str(account.pk)
    session.create()
    context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session.session_key or "", "url": server}]
    )
