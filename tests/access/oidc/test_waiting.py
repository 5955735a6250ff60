"""Who is sent to prove who they are leaves nothing in the database before they have."""

from __future__ import annotations

import pytest
from django.contrib.sessions.models import Session
from django.core import signing
from django.test import Client as Browser

from rollcall.access.oidc import waiting
from rollcall.accounts.models import Account
from tests.access.oidc.relying_party import RelyingParty, answered
from tests.access.oidc.test_basic_plan import long_ago

pytestmark = pytest.mark.django_db


def test_whoever_only_asks_makes_no_session(wiki: RelyingParty) -> None:
    for number in range(3):
        wiki.browser = Browser()
        page = wiki.authorize(state=f"s{number}", prompt="login", login_hint="lena")
        wiki.browser.get(page["Location"])
    assert not Session.objects.exists()


def test_whoever_signs_in_now_has_proved_it_as_the_application_asked(
    wiki: RelyingParty, lena: Account
) -> None:
    assert "code" in answered(wiki.sign_in(lena, wiki.authorize(prompt="login", max_age="0")))


def test_a_browser_remembers_a_few_requests_and_no_more(wiki: RelyingParty) -> None:
    for number in range(waiting.MOST + 5):
        wiki.authorize(state=f"s{number}")
    kept = signing.loads(wiki.browser.cookies[waiting.COOKIE].value, salt=waiting._SALT)
    assert len(kept) == waiting.MOST


@pytest.mark.parametrize("forged", ["x", "e30:1:x", "\x00", "a" * 4000])
def test_what_a_browser_makes_up_asks_again(signed_in: RelyingParty, forged: str) -> None:
    long_ago(signed_in, 3600)
    signed_in.browser.cookies[waiting.COOKIE] = forged
    assert signed_in.authorize(prompt="login")["Location"].startswith("/account/confirm/")


def test_what_another_request_asked_counts_for_nothing(signed_in: RelyingParty) -> None:
    signed_in.authorize(prompt="login", state="one")
    long_ago(signed_in, 3600)
    answer = signed_in.authorize(prompt="login", state="two")
    assert answer["Location"].startswith("/account/confirm/")
