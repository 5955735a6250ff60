"""The modules of the OpenID Foundation's basic plan, one test each, by the same names.

With PKCE in each request: it is required here, which the plan leaves to the provider.
"""

from __future__ import annotations

import json
import time
from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.shortcuts import resolve_url
from django.test import Client as Browser
from django.utils import timezone

from rollcall.access.oidc.authentication import ACRS
from rollcall.access.oidc.models import SignOn
from rollcall.accounts import second_factors
from rollcall.accounts.models import Account, AccountRole, Role
from rollcall.directory.models import UserGroup
from tests.access.oidc.relying_party import CALLBACK, PASSWORD, RelyingParty, answered, read, sent
from tests.actors import TESTER

pytestmark = pytest.mark.django_db


def test_oidcc_server(wiki: RelyingParty, lena: Account) -> None:
    page = wiki.authorize()
    assert urlsplit(page["Location"]).path == "/account/sign-in/"
    told = answered(wiki.sign_in(lena, page))
    assert told["state"] == "af0ifjsldkj"
    tokens = read(wiki.exchange(told["code"]))
    assert tokens["token_type"] == "Bearer"
    assert "refresh_token" not in tokens
    claims = wiki.verified(tokens["id_token"])
    assert claims["sub"] == lena.user_id
    assert claims["nonce"] == "n-0S6_WzA2Mj"
    assert claims["exp"] > claims["iat"] >= claims["auth_time"]
    assert claims["amr"] == ["pwd"]
    assert claims["acr"] in ACRS


def test_oidcc_userinfo_get(signed_in: RelyingParty, lena: Account) -> None:
    answer = signed_in.user_info(signed_in.tokens()["access_token"])
    assert answer["Content-Type"] == "application/json"
    assert read(answer) == {"sub": lena.user_id}


def test_oidcc_userinfo_post_header(signed_in: RelyingParty, lena: Account) -> None:
    token = signed_in.tokens()["access_token"]
    answer = Browser().post("/userinfo", headers={"Authorization": f"Bearer {token}"})
    assert answer.json() == {"sub": lena.user_id}


def test_oidcc_userinfo_post_body(signed_in: RelyingParty, lena: Account) -> None:
    token = signed_in.tokens()["access_token"]
    answer = Browser().post("/userinfo", {"access_token": token})
    assert answer.json() == {"sub": lena.user_id}


def test_oidcc_idtoken_signature(signed_in: RelyingParty) -> None:
    token = signed_in.tokens()["id_token"]
    [key] = Browser().get("/oauth2/jwks").json()["keys"]
    assert (key["kty"], key["use"], key["alg"]) == ("RSA", "sig", "RS256")
    assert "d" not in key
    assert signed_in.verified(token)


def test_oidcc_idtoken_unsigned(signed_in: RelyingParty) -> None:
    """ID tokens without a signature are not offered, and none is given."""
    document = Browser().get("/.well-known/openid-configuration").json()
    assert document["id_token_signing_alg_values_supported"] == ["RS256", "ES256"]
    header = signed_in.tokens()["id_token"].split(".")[0]
    assert "none" not in header


def test_oidcc_response_type_missing(signed_in: RelyingParty) -> None:
    told = answered(signed_in.authorize(response_type=None))
    assert (told["error"], told["state"]) == ("invalid_request", "af0ifjsldkj")


def test_oidcc_scope_profile(signed_in: RelyingParty, lena: Account) -> None:
    claims = read(signed_in.user_info(signed_in.tokens(scope="openid profile")["access_token"]))
    assert claims.pop("updated_at") <= time.time()
    assert claims == {
        "sub": lena.user_id,
        "name": "Lena Brandt",
        "given_name": "Lena",
        "family_name": "Brandt",
        "preferred_username": "lena",
    }


def test_oidcc_scope_email(signed_in: RelyingParty, lena: Account) -> None:
    claims = read(signed_in.user_info(signed_in.tokens(scope="openid email")["access_token"]))
    assert claims == {"sub": lena.user_id, "email": lena.email, "email_verified": True}


@pytest.mark.parametrize("scope", ["address", "phone"])
def test_oidcc_scope_address_and_phone(signed_in: RelyingParty, lena: Account, scope: str) -> None:
    """Neither is offered: an unknown scope is left out, and the sign-on goes on."""
    tokens = signed_in.tokens(scope=f"openid {scope}")
    assert tokens["scope"] == "openid"
    assert read(signed_in.user_info(tokens["access_token"])) == {"sub": lena.user_id}


def test_oidcc_scope_all(signed_in: RelyingParty) -> None:
    tokens = signed_in.tokens(scope="openid profile email address phone groups")
    claims = read(signed_in.user_info(tokens["access_token"]))
    assert {"name", "email", "groups"} <= claims.keys()
    assert claims["groups"] == ["Engineering"]


@pytest.mark.parametrize("display", ["page", "popup"])
def test_oidcc_display_page_and_popup(signed_in: RelyingParty, display: str) -> None:
    assert "code" in answered(signed_in.authorize(display=display))


def test_oidcc_prompt_login(signed_in: RelyingParty, lena: Account) -> None:
    """Signed in an hour ago: asked again, and told so."""
    long_ago(signed_in, 3600)
    first = signed_in.verified(signed_in.tokens()["id_token"])
    page = signed_in.authorize(prompt="login")
    assert urlsplit(page["Location"]).path == "/account/confirm/"
    told = prove_anew(signed_in, page["Location"])
    second = signed_in.verified(read(signed_in.exchange(told["code"]))["id_token"])
    assert second["auth_time"] > first["auth_time"]
    assert second["sub"] == first["sub"] == lena.user_id


def test_the_same_wish_sent_once_more_is_granted_once_more(signed_in: RelyingParty) -> None:
    """A browser's history sends the very same request again, and hours may lie between."""
    long_ago(signed_in, 3600)
    page = signed_in.authorize(prompt="login")
    assert "code" in prove_anew(signed_in, page["Location"])
    long_ago(signed_in, 3600)
    assert urlsplit(signed_in.authorize(prompt="login")["Location"]).path == "/account/confirm/"


def test_whoever_has_to_set_up_a_second_factor_does_so_first(
    signed_in: RelyingParty, lena: Account
) -> None:
    AccountRole.objects.create(account=lena, role=Role.READ_ONLY)
    second_factors.require(TESTER, {Role.READ_ONLY})
    assert urlsplit(signed_in.authorize()["Location"]).path == resolve_url("mfa_index")
    assert answered(signed_in.authorize(prompt="none"))["error"] == "interaction_required"


def test_oidcc_prompt_none_not_logged_in(wiki: RelyingParty) -> None:
    told = answered(wiki.authorize(prompt="none"))
    assert (told["error"], told["state"]) == ("login_required", "af0ifjsldkj")


def test_oidcc_prompt_none_logged_in(signed_in: RelyingParty) -> None:
    first = signed_in.verified(signed_in.tokens()["id_token"])
    second = signed_in.verified(signed_in.tokens(prompt="none")["id_token"])
    assert first["sub"] == second["sub"]
    assert first["auth_time"] == second["auth_time"]


def test_oidcc_max_age_1(signed_in: RelyingParty) -> None:
    long_ago(signed_in, 10)
    first = signed_in.verified(signed_in.tokens()["id_token"])
    page = signed_in.authorize(max_age="1")
    assert urlsplit(page["Location"]).path == "/account/confirm/"
    told = prove_anew(signed_in, page["Location"])
    second = signed_in.verified(read(signed_in.exchange(told["code"]))["id_token"])
    assert second["auth_time"] > first["auth_time"]


def test_oidcc_max_age_10000(signed_in: RelyingParty) -> None:
    first = signed_in.verified(signed_in.tokens()["id_token"])
    second = signed_in.verified(signed_in.tokens(max_age="10000")["id_token"])
    assert first["auth_time"] == second["auth_time"]


def test_oidcc_id_token_hint(signed_in: RelyingParty) -> None:
    token = signed_in.tokens()["id_token"]
    assert "code" in answered(signed_in.authorize(prompt="none", id_token_hint=token))


def test_oidcc_login_hint(wiki: RelyingParty, lena: Account) -> None:
    page = wiki.authorize(login_hint=lena.email)
    assert dict(parse_qsl(urlsplit(page["Location"]).query))["login_hint"] == lena.email
    assert f'value="{lena.email}"' in wiki.browser.get(page["Location"]).content.decode()
    assert "code" in answered(wiki.sign_in(lena, page))


def test_oidcc_ui_locales(wiki: RelyingParty) -> None:
    page = wiki.authorize(ui_locales="se de-AT en")
    assert "Anmelden" in wiki.browser.get(page["Location"]).content.decode()


def test_oidcc_claims_locales(signed_in: RelyingParty) -> None:
    assert "code" in answered(signed_in.authorize(claims_locales="se"))


def test_oidcc_claims_essential(signed_in: RelyingParty) -> None:
    claims = json.dumps({"userinfo": {"name": {"essential": True}}})
    tokens = signed_in.tokens(claims=claims)
    assert read(signed_in.user_info(tokens["access_token"]))["name"] == "Lena Brandt"
    assert "name" not in signed_in.verified(tokens["id_token"])


def test_oidcc_acr_values(signed_in: RelyingParty) -> None:
    tokens = signed_in.tokens(acr_values="1 2")
    assert signed_in.verified(tokens["id_token"])["acr"] in ACRS


def test_oidcc_codereuse(signed_in: RelyingParty) -> None:
    code = signed_in.code()
    tokens = read(signed_in.exchange(code))
    again = signed_in.exchange(code)
    assert (again.status_code, read(again)["error"]) == (400, "invalid_grant")
    assert signed_in.user_info(tokens["access_token"]).status_code == 401


def test_oidcc_codereuse_30seconds(signed_in: RelyingParty) -> None:
    code = signed_in.code()
    tokens = read(signed_in.exchange(code))
    earlier = timezone.now() - timedelta(seconds=90)
    SignOn.objects.update(code_used=earlier, code_expires=earlier)
    assert read(signed_in.exchange(code))["error"] == "invalid_grant"
    assert signed_in.user_info(tokens["access_token"]).status_code == 401


def test_oidcc_ensure_registered_redirect_uri(signed_in: RelyingParty) -> None:
    answer = signed_in.authorize(redirect_uri=f"{CALLBACK}/elsewhere")
    assert answer.status_code == 400
    assert "Location" not in answer


def test_oidcc_ensure_post_request_succeeds(signed_in: RelyingParty) -> None:
    sent = signed_in.browser.post("/oauth2/auth", signed_in.request())
    assert "code" in answered(signed_in.browser.get(sent["Location"]))  # type: ignore[arg-type]


def test_oidcc_server_client_secret_post(signed_in: RelyingParty) -> None:
    answer = signed_in.exchange(
        signed_in.code(),
        client_id=signed_in.client.client_id,
        client_secret=signed_in.secret,
    )
    assert answer.status_code == 200


def test_oidcc_ensure_request_without_nonce_succeeds_for_code_flow(
    signed_in: RelyingParty,
) -> None:
    assert "nonce" not in signed_in.verified(signed_in.tokens(nonce=None)["id_token"])


def test_oidcc_ensure_request_with_unknown_parameter_succeeds(signed_in: RelyingParty) -> None:
    assert "code" in answered(signed_in.authorize(extra="foobar"))


def test_oidcc_unsigned_request_object(signed_in: RelyingParty) -> None:
    told = answered(signed_in.authorize(request="eyJhbGciOiJub25lIn0.e30."))
    assert told["error"] == "request_not_supported"


def test_oidcc_ensure_request_object_with_redirect_uri(signed_in: RelyingParty) -> None:
    """An address within a request object counts for nothing."""
    answer = signed_in.authorize(request="eyJhbGciOiJub25lIn0.e30.", redirect_uri=None)
    assert answer.status_code == 400


def test_oidcc_request_uri_unsigned(signed_in: RelyingParty) -> None:
    told = answered(signed_in.authorize(request_uri="https://app.example.com/request.jwt"))
    assert told["error"] == "request_uri_not_supported"


def test_oidcc_ensure_request_with_valid_pkce_succeeds(signed_in: RelyingParty) -> None:
    assert signed_in.exchange(signed_in.code()).status_code == 200


def test_oidcc_refresh_token(signed_in: RelyingParty, group: UserGroup) -> None:
    tokens = signed_in.tokens(scope="openid email offline_access")
    renewed = read(signed_in.refresh(tokens["refresh_token"]))
    assert renewed["refresh_token"] != tokens["refresh_token"]
    first = signed_in.verified(tokens["id_token"])
    second = signed_in.verified(renewed["id_token"])
    assert (first["sub"], first["auth_time"]) == (second["sub"], second["auth_time"])
    assert "nonce" not in second
    assert signed_in.user_info(renewed["access_token"]).status_code == 200
    # Another client cannot use it, and that does the owner no harm.
    stranger = RelyingParty.bound_to(group, "Elsewhere")
    assert read(stranger.refresh(renewed["refresh_token"]))["error"] == "invalid_grant"
    assert signed_in.refresh(renewed["refresh_token"]).status_code == 200


def test_oidcc_alternate_happy_flow(signed_in: RelyingParty) -> None:
    """A second address of one client."""
    other = "https://other.example.com/cb?fixed=1"
    client = signed_in.client
    client.redirect_uris = f"{CALLBACK} {other}"
    client.save()
    address, told = sent(signed_in.authorize(redirect_uri=other))
    code = told["code"]
    if signed_in.mode == "form_post":
        assert address == other
    else:
        assert address.startswith(f"{other}&code={code}")
    exchanged = signed_in.call(
        "token",
        grant_type="authorization_code",
        code=code,
        redirect_uri=other,
        code_verifier="v" * 50,
    )
    assert exchanged.status_code == 200


def long_ago(party: RelyingParty, seconds: int) -> None:
    """Let the person have signed in that long ago."""
    session = party.browser.session
    for record in session["account_authentication_methods"]:
        record["at"] -= seconds
    session.save()


def prove_anew(party: RelyingParty, where: str) -> dict[str, str]:
    """The person gives their password once more."""
    goes_on = dict(parse_qsl(urlsplit(where).query))["next"]
    answer = party.browser.post(urlsplit(where).path, {"password": PASSWORD, "next": goes_on})
    assert answer.status_code == 302, answer.content
    return answered(party.browser.get(answer["Location"]))  # type: ignore[arg-type]
