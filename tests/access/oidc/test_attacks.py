"""What somebody tries who wants to be let in as another, or to be sent elsewhere."""

from __future__ import annotations

import base64
import json

import pytest
from django.test import Client as Browser

from rollcall.access.oidc.models import SignOn
from rollcall.accounts.models import Account
from rollcall.directory import services
from rollcall.directory.models import Membership, User, UserGroup
from rollcall.directory.services import ApplicationChange
from tests.access.oidc.relying_party import (
    CALLBACK,
    SIGNED_OUT,
    RelyingParty,
    answered,
    person,
    read,
)
from tests.actors import TESTER

pytestmark = pytest.mark.django_db
OFFLINE = {"scope": "openid offline_access"}


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example.com/callback",
        "https://app.example.com/callback/",
        "https://app.example.com/Callback",
        "https://app.example.com/callback?next=//evil.example.com",
        "https://app.example.com/callback#fragment",
        "https://app.example.com.evil.example.com/callback",
        "https://app.example.com@evil.example.com/callback",
        "https://app.example.com:8443/callback",
        "https://app.example.com/callback/../evil",
        "https://app.example.com/callback%2f..%2fevil",
        "http://app.example.com/callback",
        "//app.example.com/callback",
        "javascript:alert(1)",
        "https://app.example.com/callback\x00",
        "",
    ],
)
@pytest.mark.parametrize("prompt", [None, "none"])
def test_nobody_is_sent_to_an_address_that_is_not_registered(
    signed_in: RelyingParty, address: str, prompt: str | None
) -> None:
    answer = signed_in.authorize(redirect_uri=address, prompt=prompt)
    assert answer.status_code == 400
    assert "Location" not in answer


def test_an_unknown_client_is_shown_and_nobody_is_redirected(signed_in: RelyingParty) -> None:
    for client_id in ("nobody", "", None, "x" * 5000, "\x00"):
        answer = signed_in.authorize(client_id=client_id)
        assert (answer.status_code, "Location" in answer) == (400, False), client_id


@pytest.mark.parametrize("prompt", [None, "none"])
def test_a_parameter_twice_is_refused(signed_in: RelyingParty, prompt: str | None) -> None:
    query = f"/oauth2/auth?redirect_uri={CALLBACK}&client_id={signed_in.client.client_id}"
    answer = signed_in.browser.get(f"{query}&redirect_uri=https://evil.example.com/")
    assert (answer.status_code, "Location" in answer) == (400, False)


@pytest.mark.parametrize(
    "changes",
    [
        {"code_challenge": None, "code_challenge_method": None},
        {"code_challenge": "v" * 50, "code_challenge_method": "plain"},
        {"code_challenge_method": None},
        {"code_challenge": ""},
        {"code_challenge": "short"},
    ],
)
def test_pkce_cannot_be_done_without_or_weakened(
    signed_in: RelyingParty, changes: dict[str, str | None]
) -> None:
    assert answered(signed_in.authorize(**changes))["error"] == "invalid_request"
    assert not SignOn.objects.exists()


def test_a_code_without_its_verifier_is_worth_nothing(signed_in: RelyingParty) -> None:
    for verifier in (None, "", "w" * 50, "v" * 49):
        answer = signed_in.call(
            "token",
            grant_type="authorization_code",
            code=signed_in.code(),
            redirect_uri=CALLBACK,
            code_verifier=verifier,
        )
        assert answer.status_code == 400, verifier


def test_a_stolen_code_is_of_no_use_to_another_client(
    signed_in: RelyingParty, group: UserGroup
) -> None:
    code = signed_in.code()
    thief = RelyingParty.bound_to(group, "Elsewhere")
    assert read(thief.exchange(code))["error"] == "invalid_grant"
    # And the owner's exchange still works: a stranger ends nobody's sign-on.
    assert signed_in.exchange(code).status_code == 200


def test_a_code_goes_with_the_address_that_it_was_sent_to(signed_in: RelyingParty) -> None:
    for address in ("https://app.example.com/other", None):
        answer = signed_in.call(
            "token",
            grant_type="authorization_code",
            code=signed_in.code(),
            redirect_uri=address,
            code_verifier="v" * 50,
        )
        assert answer.status_code == 400, address


def test_a_code_used_twice_ends_the_refresh_token_too(signed_in: RelyingParty) -> None:
    code = signed_in.code(**OFFLINE)
    tokens = read(signed_in.exchange(code))
    signed_in.exchange(code)
    assert read(signed_in.refresh(tokens["refresh_token"]))["error"] == "invalid_grant"


def test_a_refresh_token_used_twice_ends_the_whole_family(signed_in: RelyingParty) -> None:
    first = signed_in.tokens(**OFFLINE)
    second = read(signed_in.refresh(first["refresh_token"]))
    third = read(signed_in.refresh(second["refresh_token"]))
    assert read(signed_in.refresh(first["refresh_token"]))["error"] == "invalid_grant"
    assert read(signed_in.refresh(third["refresh_token"]))["error"] == "invalid_grant"
    for tokens in (first, second, third):
        assert signed_in.user_info(tokens["access_token"]).status_code == 401


def test_a_wrong_secret_opens_nothing(signed_in: RelyingParty) -> None:
    right = signed_in.secret
    for wrong in ("", "rcs_wrong", f"{right}x", signed_in.client.client_secret):
        signed_in.secret = wrong
        answer = signed_in.exchange(signed_in.code())
        assert (answer.status_code, read(answer)["error"]) == (401, "invalid_client"), wrong


def test_a_confidential_client_cannot_pass_as_a_public_one(signed_in: RelyingParty) -> None:
    code = signed_in.code()
    signed_in.secret = None
    assert read(signed_in.exchange(code))["error"] == "invalid_client"


def test_the_answer_names_the_issuer_also_where_it_refuses(signed_in: RelyingParty) -> None:
    """A client of two providers must not take one's answer for the other's (RFC 9207)."""
    assert answered(signed_in.authorize())["code"]
    assert answered(signed_in.authorize(scope="profile"))["error"] == "invalid_scope"


def test_nothing_but_the_code_flow_is_offered(signed_in: RelyingParty) -> None:
    for kind in ("token", "id_token", "code token", "code id_token", "none", "id_token token"):
        told = answered(signed_in.authorize(response_type=kind))
        assert told["error"] in ("unsupported_response_type", "unauthorized_client"), kind
    for grant in ("password", "client_credentials", "implicit"):
        answer = signed_in.call("token", grant_type=grant, username="lena", password="x")
        assert read(answer)["error"] == "unsupported_grant_type", grant


def test_state_and_nonce_come_back_as_they_were(signed_in: RelyingParty) -> None:
    state, nonce = "a b&c=d/%#ü", "n" * 512
    told = answered(signed_in.authorize(state=state, nonce=nonce))
    assert told["state"] == state
    claims = signed_in.verified(read(signed_in.exchange(told["code"]))["id_token"])
    assert claims["nonce"] == nonce
    assert answered(signed_in.authorize(nonce=f"{nonce}n"))["error"] == "invalid_request"


def test_an_id_token_of_another_hand_is_no_hint(signed_in: RelyingParty, lena: Account) -> None:
    parts = signed_in.tokens()["id_token"].split(".")
    claims = {"iss": "http://testserver", "sub": lena.user_id, "aud": "x"}
    forged = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    unsigned = base64.urlsafe_b64encode(b'{"alg":"none"}').decode().rstrip("=")
    for hint in (".".join((parts[0], forged, parts[2])), f"{unsigned}.{forged}.", "x.y.z", "x"):
        told = answered(signed_in.authorize(id_token_hint=hint, prompt="none"))
        assert told["error"] == "invalid_request", hint


def test_a_hint_to_somebody_else_lets_nobody_in(
    signed_in: RelyingParty, group: UserGroup, wiki: RelyingParty
) -> None:
    other = RelyingParty(wiki.client, wiki.secret).signed_in(person("noah", group))
    hint = other.tokens()["id_token"]
    assert answered(signed_in.authorize(id_token_hint=hint))["error"] == "login_required"


def test_whoever_is_suspended_is_out_at_once_everywhere(
    signed_in: RelyingParty, lena: Account
) -> None:
    tokens = signed_in.tokens(**OFFLINE)
    waiting = signed_in.code()
    User.objects.filter(pk=lena.user_id).update(state="SUSPENDED")
    assert read(signed_in.refresh(tokens["refresh_token"]))["error"] == "invalid_grant"
    assert read(signed_in.exchange(waiting))["error"] == "invalid_grant"
    assert signed_in.user_info(tokens["access_token"]).status_code == 401
    told = signed_in.call("introspect", token=tokens["access_token"])
    assert read(told) == {"active": False}
    assert answered(signed_in.authorize(prompt="none"))["error"] == "login_required"


@pytest.mark.parametrize(
    "barred",
    [
        lambda lena, _: User.objects.filter(pk=lena.user_id).update(account_locked=True),
        lambda lena, _: User.objects.filter(pk=lena.user_id).update(password_expired=True),
        lambda lena, _: User.objects.filter(pk=lena.user_id).update(state="STAGED"),
        lambda lena, _: User.objects.filter(pk=lena.user_id).delete(),
        lambda lena, _: Membership.objects.filter(user=lena.user_id).delete(),
        lambda lena, _: Account.objects.filter(pk=lena.pk).update(is_active=False),
        lambda lena, wiki: services.update_applications(
            TESTER, [ApplicationChange(wiki.client.application_id, {"active": False})]
        ),
        lambda lena, _: new_password(lena),
    ],
    ids=[
        "locked",
        "password expired",
        "staged",
        "deleted",
        "left the group",
        "account deactivated",
        "application deactivated",
        "new password",
    ],
)
def test_tokens_end_with_what_they_stand_on(
    signed_in: RelyingParty, lena: Account, barred: object
) -> None:
    tokens = signed_in.tokens(**OFFLINE)
    barred(lena, signed_in)  # type: ignore[operator]
    assert signed_in.user_info(tokens["access_token"]).status_code == 401
    assert read(signed_in.refresh(tokens["refresh_token"]))["error"] == "invalid_grant"


def new_password(account: Account) -> None:
    account.set_password("another quiet river")
    account.save(update_fields=["password"])


def test_whoever_is_in_no_bound_group_is_refused_in_neutral_words(
    signed_in: RelyingParty, lena: Account
) -> None:
    Membership.objects.filter(user=lena.user_id).delete()
    told = answered(signed_in.authorize())
    assert told["error"] == "access_denied"
    assert "group" not in told["error_description"]


def test_a_token_of_another_client_is_not_told_about_nor_ended(
    signed_in: RelyingParty, group: UserGroup
) -> None:
    token = signed_in.tokens()["access_token"]
    stranger = RelyingParty.bound_to(group, "Elsewhere")
    assert read(stranger.call("introspect", token=token)) == {"active": False}
    assert stranger.call("revoke", token=token).status_code == 200
    assert signed_in.user_info(token).status_code == 200
    assert read(signed_in.call("introspect", token=token))["active"] is True


def test_a_revoked_token_ends_at_once(signed_in: RelyingParty) -> None:
    tokens = signed_in.tokens(**OFFLINE)
    assert signed_in.call("revoke", token=tokens["refresh_token"]).status_code == 200
    assert signed_in.user_info(tokens["access_token"]).status_code == 401
    assert read(signed_in.refresh(tokens["refresh_token"]))["error"] == "invalid_grant"


@pytest.mark.parametrize("path", ["/userinfo", "/oauth2/introspect", "/oauth2/revoke"])
@pytest.mark.parametrize("name", ["access_token", "token", "client_secret"])
def test_no_endpoint_takes_a_secret_from_an_address(
    signed_in: RelyingParty, path: str, name: str
) -> None:
    """It would stand in logs (RFC 6750, 5.3; RFC 9700, 4.3.2)."""
    token = signed_in.tokens()["access_token"]
    values = {"access_token": token, "token": token, "client_secret": signed_in.secret}
    form = {"client_id": signed_in.client.client_id, **values}
    del form[name]
    answer = Browser().post(f"{path}?{name}={values[name]}", form)
    assert (answer.status_code, answer.json()) == (400, {"error": "invalid_request"})
    assert signed_in.user_info(token).status_code == 200


def test_an_access_token_does_not_stand_in_an_address(signed_in: RelyingParty) -> None:
    token = signed_in.tokens()["access_token"]
    assert Browser().get("/userinfo", {"access_token": token}).status_code == 400


@pytest.mark.parametrize("path", ["token", "revoke", "introspect"])
@pytest.mark.parametrize("body", ["code=%zz", "code=%00", "code=a\x00b", "\xff\xfe", "a" * 70_000])
def test_what_is_no_text_is_refused(wiki: RelyingParty, path: str, body: str) -> None:
    answer = Browser().post(f"/oauth2/{path}", body, "application/x-www-form-urlencoded")
    assert answer.status_code in (400, 401)


@pytest.mark.parametrize("query", ["client_id=%zz", "client_id=%00", "a=%ff", "claims=%5B" * 50])
def test_an_address_that_is_no_text_is_refused(wiki: RelyingParty, query: str) -> None:
    assert wiki.browser.get(f"/oauth2/auth?{query}").status_code == 400


@pytest.mark.parametrize(
    "claims", ["[" * 3000, "{", "[]", "1", '{"userinfo": 1}', '{"id_token": {"acr": []}}']
)
def test_strange_claims_break_nothing(signed_in: RelyingParty, claims: str) -> None:
    answer = signed_in.authorize(claims=claims)
    assert answer.status_code in (302, 400)
    if answer.status_code == 302 and (code := answered(answer).get("code")):
        tokens = read(signed_in.exchange(code))
        assert signed_in.user_info(tokens["access_token"]).status_code == 200


def test_an_essential_class_that_is_not_met_lets_nobody_in(signed_in: RelyingParty) -> None:
    wanted = {"acr": {"essential": True, "values": ["https://refeds.org/profile/mfa"]}}
    told = answered(signed_in.authorize(claims=json.dumps({"id_token": wanted})))
    assert told["error"] == "unmet_authentication_requirements"


def test_nobody_is_signed_out_by_a_page_of_another_site(
    signed_in: RelyingParty, lena: Account
) -> None:
    asked = {"client_id": signed_in.client.client_id, "post_logout_redirect_uri": SIGNED_OUT}
    strict = Browser(enforce_csrf_checks=True)
    strict.cookies = signed_in.browser.cookies
    for form in (asked, {**asked, "confirmed": "1"}):
        answer = strict.post("/oauth2/logout", form)
        assert answer.status_code in (200, 403)
    assert answered(signed_in.authorize(prompt="none"))["code"]


def test_whoever_proves_the_person_signs_them_out(signed_in: RelyingParty) -> None:
    hint = signed_in.tokens()["id_token"]
    asked = {"id_token_hint": hint, "post_logout_redirect_uri": SIGNED_OUT, "state": "s"}
    answer = signed_in.browser.get("/oauth2/logout", asked)
    assert answer["Location"] == f"{SIGNED_OUT}?state=s"
    assert answered(signed_in.authorize(prompt="none"))["error"] == "login_required"


def test_after_signing_out_nobody_is_sent_anywhere_that_is_not_registered(
    signed_in: RelyingParty, group: UserGroup
) -> None:
    hint = signed_in.tokens()["id_token"]
    stranger = RelyingParty.bound_to(group, "Elsewhere")
    for asked in (
        {"id_token_hint": hint, "post_logout_redirect_uri": CALLBACK},
        {"post_logout_redirect_uri": SIGNED_OUT},
        {"id_token_hint": hint, "client_id": stranger.client.client_id},
        {"id_token_hint": "x.y.z", "post_logout_redirect_uri": SIGNED_OUT},
    ):
        answer = signed_in.browser.get("/oauth2/logout", asked)
        assert (answer.status_code, "Location" in answer) == (400, False), asked
