"""The keys that sign: known before they are used, believed after, sealed at rest."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from rollcall.access.oidc import signing_keys
from rollcall.access.oidc.models import SigningKey
from rollcall.audit.models import Event
from rollcall.database import sealed_columns
from tests.actors import TESTER

pytestmark = pytest.mark.django_db


def kids() -> list[str]:
    return [key["kid"] for key in signing_keys.published()]


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
    assert list(SigningKey.objects.all()) == [new]


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
