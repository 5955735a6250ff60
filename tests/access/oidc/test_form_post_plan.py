"""The OpenID Foundation's form-post plan: the modules of the basic plan, answered by a form.

The plan has the same modules, each with `response_mode=form_post` in its requests; so the same
tests run here with an application that asks for that. `oidcc-ensure-registered-redirect-uri` and
`oidcc-ensure-request-object-with-redirect-uri` show a page and answer nobody, as in the plan.
"""

from __future__ import annotations

import pytest
from django.test import Client as Browser

from rollcall.accounts.models import Account
from rollcall.directory.models import UserGroup
from tests.access.oidc.relying_party import CALLBACK, RelyingParty, sent
from tests.access.oidc.test_basic_plan import (
    test_oidcc_acr_values,
    test_oidcc_alternate_happy_flow,
    test_oidcc_claims_essential,
    test_oidcc_claims_locales,
    test_oidcc_codereuse,
    test_oidcc_codereuse_30seconds,
    test_oidcc_display_page_and_popup,
    test_oidcc_ensure_post_request_succeeds,
    test_oidcc_ensure_registered_redirect_uri,
    test_oidcc_ensure_request_object_with_redirect_uri,
    test_oidcc_ensure_request_with_unknown_parameter_succeeds,
    test_oidcc_ensure_request_with_valid_pkce_succeeds,
    test_oidcc_ensure_request_without_nonce_succeeds_for_code_flow,
    test_oidcc_id_token_hint,
    test_oidcc_idtoken_signature,
    test_oidcc_idtoken_unsigned,
    test_oidcc_login_hint,
    test_oidcc_max_age_1,
    test_oidcc_max_age_10000,
    test_oidcc_prompt_login,
    test_oidcc_prompt_none_logged_in,
    test_oidcc_prompt_none_not_logged_in,
    test_oidcc_refresh_token,
    test_oidcc_request_uri_unsigned,
    test_oidcc_response_type_missing,
    test_oidcc_scope_address_and_phone,
    test_oidcc_scope_all,
    test_oidcc_scope_email,
    test_oidcc_scope_profile,
    test_oidcc_server,
    test_oidcc_server_client_secret_post,
    test_oidcc_ui_locales,
    test_oidcc_unsigned_request_object,
    test_oidcc_userinfo_get,
    test_oidcc_userinfo_post_body,
    test_oidcc_userinfo_post_header,
)
from tests.access.oidc.test_road import form_action

__all__ = [
    "test_oidcc_acr_values",
    "test_oidcc_alternate_happy_flow",
    "test_oidcc_claims_essential",
    "test_oidcc_claims_locales",
    "test_oidcc_codereuse",
    "test_oidcc_codereuse_30seconds",
    "test_oidcc_display_page_and_popup",
    "test_oidcc_ensure_post_request_succeeds",
    "test_oidcc_ensure_registered_redirect_uri",
    "test_oidcc_ensure_request_object_with_redirect_uri",
    "test_oidcc_ensure_request_with_unknown_parameter_succeeds",
    "test_oidcc_ensure_request_with_valid_pkce_succeeds",
    "test_oidcc_ensure_request_without_nonce_succeeds_for_code_flow",
    "test_oidcc_id_token_hint",
    "test_oidcc_idtoken_signature",
    "test_oidcc_idtoken_unsigned",
    "test_oidcc_login_hint",
    "test_oidcc_max_age_1",
    "test_oidcc_max_age_10000",
    "test_oidcc_prompt_login",
    "test_oidcc_prompt_none_logged_in",
    "test_oidcc_prompt_none_not_logged_in",
    "test_oidcc_refresh_token",
    "test_oidcc_request_uri_unsigned",
    "test_oidcc_response_type_missing",
    "test_oidcc_scope_address_and_phone",
    "test_oidcc_scope_all",
    "test_oidcc_scope_email",
    "test_oidcc_scope_profile",
    "test_oidcc_server",
    "test_oidcc_server_client_secret_post",
    "test_oidcc_ui_locales",
    "test_oidcc_unsigned_request_object",
    "test_oidcc_userinfo_get",
    "test_oidcc_userinfo_post_body",
    "test_oidcc_userinfo_post_header",
]

pytestmark = pytest.mark.django_db


@pytest.fixture
def wiki(group: UserGroup) -> RelyingParty:
    """An application that is answered by a form."""
    party = RelyingParty.bound_to(group)
    party.mode = "form_post"
    return party


def test_the_page_names_this_application_to_browsers_and_nobody_else(
    signed_in: RelyingParty,
) -> None:
    page = signed_in.authorize()
    assert form_action(page) == "form-action 'self' https://app.example.com"
    assert page["Cache-Control"] == "no-store"
    address, told = sent(page)
    assert (address, told["state"], "code" in told) == (CALLBACK, "af0ifjsldkj", True)


def test_what_the_application_says_ends_no_field_of_the_form(signed_in: RelyingParty) -> None:
    state = "\"><script>alert(1)</script>&amp;'ü"
    page = signed_in.authorize(state=state)
    assert b"<script>alert" not in page.content
    assert sent(page)[1]["state"] == state


def test_an_address_of_an_app_on_a_device_takes_no_form(group: UserGroup, lena: Account) -> None:
    app = "com.example.app:/callback"
    party = RelyingParty.bound_to(group, "App", public=True, redirect_uris=[app])
    party.mode = "form_post"
    answer = party.signed_in(lena).authorize(redirect_uri=app)
    assert answer["Location"].startswith(f"{app}?code=")


def test_a_public_page_may_be_answered_behind_the_mark_of_its_address(
    signed_in: RelyingParty,
) -> None:
    address, told = sent(signed_in.authorize(response_mode="fragment"))
    assert address.startswith(f"{CALLBACK}#code=")
    assert signed_in.exchange(told["code"]).status_code == 200


@pytest.mark.parametrize("mode", ["query.jwt", "web_message", "okay"])
def test_any_other_way_is_refused(signed_in: RelyingParty, mode: str) -> None:
    address, told = sent(signed_in.authorize(response_mode=mode))
    assert (address.split("?")[0], told["error"]) == (CALLBACK, "invalid_request")


def test_nobody_is_sent_a_form_of_an_address_that_is_not_registered(
    signed_in: RelyingParty,
) -> None:
    page = signed_in.authorize(redirect_uri="https://evil.example.com/")
    assert page.status_code == 400
    assert b"evil.example.com" not in page.content
    assert form_action(page) == "form-action 'self'"


def test_the_document_says_so() -> None:
    document = Browser().get("/.well-known/openid-configuration").json()
    assert document["response_modes_supported"] == ["query", "fragment", "form_post"]
