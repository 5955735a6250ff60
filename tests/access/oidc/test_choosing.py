"""Who goes on: `prompt=select_account`, `consent`, a certain subject, more than one factor."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client as Browser

from rollcall.access.oidc.authentication import MFA_ACR, PASSWORD_ACR
from rollcall.accounts.models import Account
from rollcall.directory.models import UserGroup
from tests.access.oidc.relying_party import RelyingParty, answered, person, read
from tests.accounts.test_admission import SECRET, code

pytestmark = pytest.mark.django_db


def choose(party: RelyingParty, page: Any, choice: str) -> Any:
    form = {"asked": page.context["asked"], "choice": choice}
    return party.browser.post("/oauth2/account", form)


def test_whoever_is_signed_in_chooses_whether_to_go_on_as_that(
    signed_in: RelyingParty, lena: Account
) -> None:
    page: Any = signed_in.authorize(prompt="select_account")
    assert lena.email in page.content.decode()
    goes_on = choose(signed_in, page, "stay")
    assert "code" in answered(signed_in.browser.get(goes_on["Location"]))  # type: ignore[arg-type]
    # Asked anew the next time.
    assert signed_in.authorize(prompt="select_account").status_code == 200


def test_or_goes_on_as_somebody_else(signed_in: RelyingParty, group: UserGroup) -> None:
    noah = person("noah", group)
    page = signed_in.authorize(prompt="select_account")
    goes_on = choose(signed_in, page, "other")
    sign_in: Any = signed_in.browser.get(goes_on["Location"])
    told = answered(signed_in.sign_in(noah, sign_in))
    claims = signed_in.verified(read(signed_in.exchange(told["code"]))["id_token"])
    assert claims["sub"] == noah.user_id


def test_whoever_signs_in_has_chosen(wiki: RelyingParty, lena: Account) -> None:
    page = wiki.authorize(prompt="select_account")
    assert "code" in answered(wiki.sign_in(lena, page))


def test_a_choice_leads_nowhere_else(signed_in: RelyingParty) -> None:
    for asked in ("https://evil.example.com/", "//evil.example.com", "/x", "\r\nLocation: x"):
        form = {"asked": asked, "choice": "stay"}
        answer = signed_in.browser.post("/oauth2/account", form)
        assert answer["Location"].startswith("/oauth2/auth?"), asked


def test_no_other_site_chooses_for_them(signed_in: RelyingParty) -> None:
    strict = Browser(enforce_csrf_checks=True)
    strict.cookies = signed_in.browser.cookies
    assert strict.post("/oauth2/account", {"asked": "", "choice": "other"}).status_code == 403


def test_to_consent_is_the_organizations(signed_in: RelyingParty) -> None:
    """It has set the application up: nobody is asked for what they cannot refuse."""
    assert "code" in answered(signed_in.authorize(prompt="consent"))


def test_an_application_may_say_who_it_has_to_be(signed_in: RelyingParty, lena: Account) -> None:
    def told(subject: str) -> dict[str, str]:
        claims = json.dumps({"id_token": {"sub": {"value": subject}}})
        return answered(signed_in.authorize(claims=claims))

    assert "code" in told(str(lena.user_id))
    assert told("somebody-else")["error"] == "login_required"


@pytest.mark.parametrize(
    "asked",
    [
        {"acr_values": f"{MFA_ACR} {PASSWORD_ACR}"},
        {"claims": json.dumps({"id_token": {"acr": {"values": [MFA_ACR]}}})},
        {"claims": json.dumps({"id_token": {"acr": {"value": MFA_ACR, "essential": True}}})},
    ],
    ids=["acr_values", "voluntary", "essential"],
)
def test_whoever_has_a_second_factor_is_asked_for_it(
    signed_in: RelyingParty, lena: Account, asked: dict[str, str]
) -> None:
    TOTP.activate(lena, SECRET)
    way = signed_in.authorize(**asked)
    assert urlsplit(way["Location"]).path.startswith("/account/two-factor/")
    goes_on = dict(parse_qsl(urlsplit(way["Location"]).query))["next"]
    given = signed_in.browser.post(way["Location"], {"code": code(), "next": goes_on})
    told = answered(signed_in.browser.get(given["Location"]))  # type: ignore[arg-type]
    claims = signed_in.verified(read(signed_in.exchange(told["code"]))["id_token"])
    assert claims["acr"] == MFA_ACR


def test_whoever_has_none_gets_in_where_it_was_only_liked(signed_in: RelyingParty) -> None:
    told = answered(signed_in.authorize(acr_values=MFA_ACR))
    claims = signed_in.verified(read(signed_in.exchange(told["code"]))["id_token"])
    assert claims["acr"] == PASSWORD_ACR


def test_what_is_liked_best_comes_first(signed_in: RelyingParty, lena: Account) -> None:
    TOTP.activate(lena, SECRET)
    told = answered(signed_in.authorize(acr_values=f"{PASSWORD_ACR} {MFA_ACR}"))
    assert "code" in told
