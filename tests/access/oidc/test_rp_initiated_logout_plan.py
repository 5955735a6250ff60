"""The modules of the OpenID Foundation's plan of logout that an application begins, one test each.

The plan asks of a wrong or missing hint that nobody is sent back: a page that says so, or asks the
person, is what it accepts.
"""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from django.test import Client as Browser
from jwcrypto.jwk import JWK
from jwcrypto.jws import JWS

from rollcall.accounts.models import Account
from tests.access.oidc.relying_party import ISSUER, SIGNED_OUT, RelyingParty, answered

pytestmark = pytest.mark.django_db


def sign_out(party: RelyingParty, **changes: str | None) -> Any:
    """The browser is sent to the endpoint as the plan does it; None takes a parameter out."""
    asked = {
        "id_token_hint": party.tokens()["id_token"],
        "post_logout_redirect_uri": SIGNED_OUT,
        "state": "s-1",
        **changes,
    }
    given = {name: value for name, value in asked.items() if value is not None}
    return party.browser.get("/oauth2/logout", given)


def is_signed_in(party: RelyingParty) -> bool:
    return "code" in answered(party.authorize(prompt="none"))


def confirm(party: RelyingParty, page: Any) -> Any:
    """The person presses the button of the page that asks them."""
    assert page.status_code == 200
    asked = page.context["asked"]
    return party.browser.post("/oauth2/logout", {**asked, "confirmed": "1"})


def test_oidcc_rp_initiated_logout_discovery_endpoint_verification() -> None:
    document = Browser().get("/.well-known/openid-configuration").json()
    assert document["end_session_endpoint"] == f"{ISSUER}/oauth2/logout"


def test_oidcc_rp_initiated_logout(signed_in: RelyingParty) -> None:
    assert sign_out(signed_in)["Location"] == f"{SIGNED_OUT}?state=s-1"
    assert not is_signed_in(signed_in)


def test_oidcc_rp_initiated_logout_bad_post_logout_redirect_uri(signed_in: RelyingParty) -> None:
    page = sign_out(signed_in, post_logout_redirect_uri=f"{SIGNED_OUT}/elsewhere")
    assert (page.status_code, "Location" in page) == (400, False)


def test_oidcc_rp_initiated_logout_query_added_to_post_logout_redirect_uri(
    signed_in: RelyingParty,
) -> None:
    page = sign_out(signed_in, post_logout_redirect_uri=f"{SIGNED_OUT}?foo=bar")
    assert (page.status_code, "Location" in page) == (400, False)


def test_oidcc_rp_initiated_logout_modified_id_token_hint(signed_in: RelyingParty) -> None:
    """The plan takes the signature away (`alg` is `none`)."""
    payload = signed_in.tokens()["id_token"].split(".")[1]
    head = base64.urlsafe_b64encode(b'{"alg":"none"}').decode().rstrip("=")
    page = sign_out(signed_in, id_token_hint=f"{head}.{payload}.")
    assert (page.status_code, "Location" in page) == (400, False)
    assert is_signed_in(signed_in)


def test_oidcc_rp_initiated_logout_bad_id_token_hint(
    signed_in: RelyingParty, lena: Account
) -> None:
    """Signed by somebody else, with the same claims."""
    token = JWS(json.dumps({"iss": ISSUER, "sub": lena.user_id, "aud": signed_in.client.client_id}))
    head = json.dumps({"alg": "ES256", "typ": "JWT", "kid": "theirs"})
    token.add_signature(JWK.generate(kty="EC", crv="P-256"), None, head, None)
    page = sign_out(signed_in, id_token_hint=token.serialize(compact=True))
    assert (page.status_code, "Location" in page) == (400, False)
    assert is_signed_in(signed_in)


def test_oidcc_rp_initiated_logout_no_id_token_hint(signed_in: RelyingParty) -> None:
    """Without it nobody knows whose address that is: the plan accepts a page that says so."""
    page = sign_out(signed_in, id_token_hint=None)
    assert (page.status_code, "Location" in page) == (400, False)


def test_oidcc_rp_initiated_logout_no_params(signed_in: RelyingParty) -> None:
    page = signed_in.browser.get("/oauth2/logout")
    done = confirm(signed_in, page)
    assert (done.status_code, "Location" in done) == (200, False)
    assert not is_signed_in(signed_in)


def test_oidcc_rp_initiated_logout_no_post_logout_redirect_uri(signed_in: RelyingParty) -> None:
    done = sign_out(signed_in, post_logout_redirect_uri=None)
    assert (done.status_code, "Location" in done) == (200, False)
    assert not is_signed_in(signed_in)


def test_oidcc_rp_initiated_logout_no_state(signed_in: RelyingParty) -> None:
    assert sign_out(signed_in, state=None)["Location"] == SIGNED_OUT


def test_oidcc_rp_initiated_logout_only_state(signed_in: RelyingParty) -> None:
    page = signed_in.browser.get("/oauth2/logout", {"state": "s-1"})
    done = confirm(signed_in, page)
    assert (done.status_code, "Location" in done) == (200, False)
    assert not is_signed_in(signed_in)
