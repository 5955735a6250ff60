"""The pages on the way to an application name its origin to browsers, and no other page does."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from django.test import Client as Browser

from rollcall.accounts.models import Account
from tests.access.oidc.relying_party import SIGNED_OUT, RelyingParty

pytestmark = pytest.mark.django_db


def form_action(answer: object) -> str:
    policy: str = answer["Content-Security-Policy"]  # type: ignore[index]
    return next(part for part in policy.split("; ") if part.startswith("form-action"))


def test_the_page_of_sign_in_names_the_application(wiki: RelyingParty) -> None:
    page = wiki.browser.get(wiki.authorize()["Location"])
    assert form_action(page) == "form-action 'self' https://app.example.com"


def test_no_other_page_does(wiki: RelyingParty) -> None:
    wiki.authorize()
    for address in ("/account/sign-in/", "/account/sign-in/?next=/users/", "/nowhere/"):
        assert form_action(wiki.browser.get(address)) == "form-action 'self'", address


def test_nobody_gets_an_origin_into_the_policy_that_is_not_registered(wiki: RelyingParty) -> None:
    way = wiki.authorize()["Location"]
    for wrong in (
        way.replace("app.example.com", "evil.example.com"),
        way.replace(wiki.client.client_id, "nobody"),
        "/account/sign-in/?next=https://evil.example.com/oauth2/auth",
        "/account/sign-in/?next=/oauth2/auth%3Fclient_id=%2500",
    ):
        assert form_action(Browser().get(wrong)) == "form-action 'self'", wrong


def test_a_wrong_password_shows_the_page_with_the_same_policy(
    wiki: RelyingParty, lena: Account
) -> None:
    way = urlsplit(wiki.authorize()["Location"])
    goes_on = wiki.browser.get(wiki.authorize()["Location"]).context["redirect_field_value"]
    form = {"login": lena.email, "password": "wrong", "next": goes_on}
    answer = wiki.browser.post(way.path, form)
    assert form_action(answer) == "form-action 'self' https://app.example.com"


def test_the_page_that_asks_whether_to_sign_out_names_where_it_leads(
    signed_in: RelyingParty,
) -> None:
    asked = {"client_id": signed_in.client.client_id, "post_logout_redirect_uri": SIGNED_OUT}
    page = signed_in.browser.get("/oauth2/logout", asked)
    assert form_action(page) == "form-action 'self' https://app.example.com"
