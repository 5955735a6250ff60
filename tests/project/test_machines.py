"""What applications ask by themselves goes a shorter way, and comes back as by the long one."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from django.db import connection
from django.http import HttpRequest
from django.test import AsyncClient, Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from rollcall.project.machines import ROUTES, MachinesMiddleware

pytestmark = pytest.mark.django_db
DISCOVERY = "/.well-known/openid-configuration"
OF_BROWSERS = {"Content-Language", "Vary"}
"""Headers of the long way that only speak of languages and cookies."""


def by_the_long_way(request: HttpRequest) -> Any:
    raise AssertionError(request.path_info)


def test_each_of_these_routes_goes_it() -> None:
    for name in ROUTES:
        answer = Client().get(reverse(name))
        assert answer.status_code in (200, 400, 401, 405), name


def test_the_answer_is_as_safe_as_any_other() -> None:
    short, long = Client().get(DISCOVERY), Client().get("/nowhere/")
    missing = set(long.headers) - set(short.headers) - OF_BROWSERS
    assert missing == set()
    assert short["X-Frame-Options"] == "DENY"
    assert short["Content-Length"]


def test_what_may_not_be_kept_is_not() -> None:
    answer = Client().post("/oauth2/introspect", {"token": "x"})
    assert (answer.status_code, answer["Cache-Control"]) == (401, "no-store, private")


def test_nobodys_session_is_looked_at() -> None:
    browser = Client()
    browser.cookies["rollcall_session"] = "x" * 32
    with CaptureQueriesContext(connection) as queries:
        browser.get(DISCOVERY)
    assert not queries


def test_everything_else_goes_on() -> None:
    request = HttpRequest()
    request.path_info = "/oauth2/auth"
    with pytest.raises(AssertionError, match="/oauth2/auth"):
        MachinesMiddleware(by_the_long_way)(request)


def test_a_server_that_waits_gets_it_as_well() -> None:
    answer = asyncio.run(AsyncClient().get(DISCOVERY))
    assert answer.status_code == 200


def test_what_breaks_is_a_page_and_no_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr("rollcall.access.oidc.views.description.endpoint", broken)
    answer = Client(raise_request_exception=False).get(DISCOVERY)
    assert answer.status_code == 500
    assert b"RuntimeError" not in answer.content
