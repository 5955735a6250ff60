"""What a client is told of somebody who has signed on: in the ID token, and at userinfo."""

from __future__ import annotations

import time
from collections.abc import Collection
from typing import Any

from rollcall.access import entitlement
from rollcall.access.attribute_mapping import Kind
from rollcall.access.oidc import claims, mapped_claims, signing_keys
from rollcall.access.oidc.authentication import acr_of
from rollcall.access.oidc.library import ID_TOKEN_SECONDS
from rollcall.access.oidc.models import SignOn


def told(sign_on: SignOn, scopes: Collection[str], where: str) -> dict[str, Any]:
    """The claims about the person; `where` is `userinfo` or `id_token`."""
    user = sign_on.account.user
    assert user is not None  # noqa: S101 - `sign_ons.refusal` lets nobody through without
    client = sign_on.client
    names = claims.wanted(scopes, sign_on.claims, where)
    rules = mapped_claims.rules_of(client)
    needs_groups = "groups" in names or any(rule.kind is Kind.GROUPS for rule in rules)
    groups = entitlement.groups_of(user, client.application) if needs_groups else []
    standard = claims.of_user(user, names, groups)
    return mapped_claims.told_over(standard, rules, user, groups) if rules else standard


def id_token(sign_on: SignOn, scopes: Collection[str], issuer: str, nonce: str) -> str:
    """The ID token (OpenID Connect Core, 2), signed; `nonce` is "" where it has none."""
    now = int(time.time())
    base: dict[str, Any] = {
        "iss": issuer,
        "aud": sign_on.client.client_id,
        "iat": now,
        "exp": now + ID_TOKEN_SECONDS,
        "auth_time": int(sign_on.authenticated.timestamp()),
        "amr": sign_on.methods,
        "acr": acr_of(sign_on.methods),
    }
    base |= {name: value for name, value in (("sid", sign_on.sid), ("nonce", nonce)) if value}
    whole = {**told(sign_on, scopes, "id_token"), **base}
    return signing_keys.sign(whole, sign_on.client.id_token_signed_response_alg)
