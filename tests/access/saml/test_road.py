"""The page on the way to an application names its origin to browsers, and no other page does."""

from __future__ import annotations

import pytest

from rollcall.accounts.models import Account
from tests.access.oidc.test_road import form_action
from tests.access.saml.service_provider import ServiceProvider

pytestmark = pytest.mark.django_db


def test_the_page_with_the_answer_names_the_application(signed_in: ServiceProvider) -> None:
    page = signed_in.send()
    assert form_action(page) == "form-action 'self' https://app.example.com"
    policy = page["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert b"<script>" not in page.content


def test_sign_in_ends_on_a_page_of_ours_and_names_nobody(wiki: ServiceProvider) -> None:
    page = wiki.browser.get(wiki.send()["Location"])
    assert form_action(page) == "form-action 'self'"


def test_where_it_begins_at_the_application_the_pages_of_sign_in_name_it(
    wiki: ServiceProvider, lena: Account
) -> None:
    wiki.set(login_url="https://start.example.com/login")
    page = wiki.browser.get(f"/account/sign-in/?next={wiki.address}")
    assert form_action(page) == "form-action 'self' https://start.example.com"
    for other in ("/account/sign-in/?next=/saml2/nobody", "/account/sign-in/"):
        assert form_action(wiki.browser.get(other)) == "form-action 'self'"


def test_refusals_name_nobody(wiki: ServiceProvider, lena: Account) -> None:
    wiki.signed_in(lena)
    for page in (
        wiki.send(wiki.request("https://evil.example.com")),
        wiki.browser.get("/saml2/nobody"),
    ):
        assert form_action(page) == "form-action 'self'"
