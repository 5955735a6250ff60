"""The OpenID Foundation's config plan: its one module, `oidcc-discovery-endpoint-verification`.

It speaks of https alone; here the installation says so by its base address.
"""

from __future__ import annotations

import pytest
from django.test import Client as Browser
from pytest_django.fixtures import Settings

from rollcall.access.oidc import signing_keys
from rollcall.access.oidc.models import SigningKey

pytestmark = pytest.mark.django_db
BASE = "https://rollcall.example.com"


def test_oidcc_discovery_endpoint_verification(settings: Settings, signing_key: SigningKey) -> None:
    settings.BASE_URL = BASE
    signing_keys.ensure("ES256")
    answer = Browser().get("/.well-known/openid-configuration")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
    document = answer.json()
    assert document["issuer"] == BASE
    assert document["response_types_supported"] == ["code"]
    assert document["subject_types_supported"] == ["public"]
    assert "RS256" in document["id_token_signing_alg_values_supported"]
    assert "authorization_code" in document["grant_types_supported"]
    assert "openid" in document["scopes_supported"]
    assert document["code_challenge_methods_supported"] == ["S256"]
    assert document["claims_parameter_supported"] is True
    assert document["request_parameter_supported"] is False
    assert document["request_uri_parameter_supported"] is False
    assert {"sub", "iss", "auth_time", "acr"} <= set(document["claims_supported"])
    assert document["ui_locales_supported"] == ["en", "de"]
    endpoints = [name for name in document if name.endswith(("_endpoint", "_uri"))]
    assert {"authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri"} <= set(
        endpoints
    )
    assert all(document[name].startswith(f"{BASE}/") for name in endpoints)
    keys = Browser().get("/oauth2/jwks").json()["keys"]
    assert {(key["kty"], key["alg"], key["use"]) for key in keys} == {
        ("RSA", "RS256", "sig"),
        ("EC", "ES256", "sig"),
    }
    assert len({key["kid"] for key in keys}) == len(keys)
    assert not any({"d", "p", "q", "k"} & key.keys() for key in keys)
