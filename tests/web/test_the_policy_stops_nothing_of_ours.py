"""The strict Content-Security-Policy: it is sent, browsers can report, and no page violates it."""

from __future__ import annotations

import json
import logging

import pytest
from django.test import Client
from playwright.sync_api import BrowserContext

from tests.web.browser import sign_in
from tests.web.pages_walk import SIGN_IN_PAGES, addresses, look_at
from tests.web.world import build


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_no_page_violates_the_policy(context: BrowserContext, portal_server: str) -> None:
    world = build()
    tab = context.new_page()
    errors: list[str] = []
    tab.on("pageerror", lambda error: errors.append(str(error)))
    found: dict[str, list[str]] = {}
    for where in SIGN_IN_PAGES:
        look_at(tab, where)
        found[where] = tab.evaluate("window.violations")
    sign_in(context, world.people["administrator"], portal_server)
    for where in addresses(world):
        if look_at(tab, where) is not None:
            found[where] = tab.evaluate("window.violations")
    assert {where: one for where, one in found.items() if one} == {}
    assert errors == []


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_policy_is_in_force(context: BrowserContext, portal_server: str) -> None:
    tab = context.new_page()
    tab.goto("/account/sign-in/")
    tab.evaluate(
        "document.body.appendChild(Object.assign(document.createElement('script'),"
        " {textContent: 'window.ran = true'}))"
    )
    tab.wait_for_function("window.violations.length > 0")
    assert tab.evaluate("window.ran") is None


@pytest.mark.django_db
def test_every_answer_carries_the_headers(client: Client) -> None:
    answer = client.get("/account/sign-in/", secure=True)
    policy = answer["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Strict-Transport-Security"] == "max-age=31536000"
    assert "Strict-Transport-Security" not in client.get("/account/sign-in/").headers


def test_a_browser_report_is_logged_without_its_address(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    body = {
        "csp-report": {
            "effective-directive": "script-src",
            "blocked-uri": "https://elsewhere.example/x.js?who=jonas",
            "document-uri": "https://here.example/users/secret",
        }
    }
    with caplog.at_level(logging.WARNING):
        answer = client.post("/csp-report/", json.dumps(body), "application/csp-report")
    assert answer.status_code == 204
    assert "script-src blocked https://elsewhere.example/x.js" in caplog.text
    assert "jonas" not in caplog.text
    assert "secret" not in caplog.text
    assert client.post("/csp-report/", "rubbish", "text/plain").status_code == 400
