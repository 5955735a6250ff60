"""The keys that sign: known before they are used, believed after, sealed at rest."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone
from jwcrypto.jwk import JWK
from jwcrypto.jws import JWS

from rollcall.access.oidc import clients, signing_keys
from rollcall.access.oidc.models import Algorithm, SigningKey
from rollcall.audit.models import Event
from rollcall.database import sealed_columns
from tests.access.oidc.relying_party import RelyingParty, answered
from tests.actors import TESTER

pytestmark = pytest.mark.django_db


def kids(algorithm: str = "RS256") -> list[str]:
    return [key["kid"] for key in signing_keys.published() if key["alg"] == algorithm]


def test_the_first_key_is_made_when_it_is_needed() -> None:
    token = signing_keys.sign({"sub": "x"})
    assert signing_keys.signed_by_us(token) == {"sub": "x"}
    assert len(kids()) == 1
    assert Event.objects.filter(action="sso.key.add").count() == 1


def test_a_new_key_is_published_before_it_signs(signing_key: SigningKey) -> None:
    new = signing_keys.rotate(TESTER)
    assert kids() == [signing_key.kid, new.kid]
    assert signing_keys.current() == signing_key
    SigningKey.objects.filter(pk=new.pk).update(signs_from=timezone.now())
    assert signing_keys.current() == new


def test_what_the_old_key_signed_is_believed_for_a_while(signing_key: SigningKey) -> None:
    token = signing_keys.sign({"sub": "x"})
    new = signing_keys.rotate(TESTER)
    assert signing_keys.signed_by_us(token)
    SigningKey.objects.filter(pk=signing_key.pk).update(published_until=timezone.now())
    assert signing_keys.signed_by_us(token) is None
    signing_keys.keep_fresh()
    assert list(SigningKey.objects.filter(algorithm="RS256")) == [new]


def test_a_key_that_others_know_is_replaced_at_once(signing_key: SigningKey) -> None:
    token = signing_keys.sign({"sub": "x"})
    new = signing_keys.rotate(TESTER, at_once=True)
    assert signing_keys.signed_by_us(token) is None
    assert kids() == [new.kid]
    assert signing_keys.current() == new


def test_of_keys_that_others_know_none_signs_and_none_is_believed(signing_key: SigningKey) -> None:
    token = signing_keys.sign({"sub": "x"})
    waiting = signing_keys.rotate(TESTER)
    new = signing_keys.rotate(TESTER, at_once=True)
    assert signing_keys.signed_by_us(token) is None
    SigningKey.objects.filter(pk=waiting.pk).update(signs_from=timezone.now())
    assert signing_keys.current() == new
    assert kids() == [new.kid]


def test_a_key_is_replaced_by_itself_after_some_months(signing_key: SigningKey) -> None:
    signing_keys.keep_fresh()
    assert kids() == [signing_key.kid]
    SigningKey.objects.update(signs_from=timezone.now() - timedelta(days=91))
    signing_keys.keep_fresh()
    signing_keys.keep_fresh()
    assert len(kids()) == 2


def test_the_private_half_is_sealed_and_can_be_sealed_anew(signing_key: SigningKey) -> None:
    assert b"PRIVATE KEY" not in bytes(signing_key.private)
    assert SigningKey in {column.model for column in sealed_columns.columns()}


def test_each_algorithm_has_keys_of_its_own_that_rotate_alike(signing_key: SigningKey) -> None:
    token = signing_keys.sign({"sub": "x"}, "ES256")
    assert signing_keys.signed_by_us(token) == {"sub": "x"}
    [old] = kids("ES256")
    new = signing_keys.rotate(TESTER, algorithm="ES256")
    assert (kids("ES256"), kids()) == ([old, new.kid], [signing_key.kid])
    assert signing_keys.current("ES256").kid == old
    signing_keys.rotate_all(TESTER, at_once=True)
    assert signing_keys.signed_by_us(token) is None
    assert (len(kids("ES256")), len(kids())) == (1, 1)


def test_the_other_algorithm_is_published_before_an_application_wants_it(
    signing_key: SigningKey,
) -> None:
    signing_keys.keep_fresh()
    signing_keys.keep_fresh()
    assert len(kids("ES256")) == 1


def test_a_client_gets_id_tokens_in_its_own_algorithm(signed_in: RelyingParty) -> None:
    present = clients.registration_of(signed_in.client)
    wanted = replace(present, id_token_signed_response_alg=Algorithm.ES256)
    clients.change(TESTER, signed_in.client, wanted)
    token = signed_in.tokens()["id_token"]
    assert signed_in.verified(token)["sub"]
    assert JWS.from_jose_token(token).jose_header["alg"] == "ES256"
    assert "code" in answered(signed_in.authorize(prompt="none", id_token_hint=token))


def test_a_key_checks_nothing_that_says_another_algorithm(signing_key: SigningKey) -> None:
    """Whoever has the public half must not make signatures with it as if it were a secret."""
    forged = JWS(b'{"sub": "x"}')
    secret = JWK(kty="oct", k=signing_key.public["n"])
    head = json.dumps({"alg": "HS256", "typ": "JWT", "kid": signing_key.kid})
    forged.add_signature(secret, None, head, None)
    assert signing_keys.signed_by_us(forged.serialize(compact=True)) is None
