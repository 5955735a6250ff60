"""Certificates: known before they sign, kept after, sealed at rest."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.test import Client as Browser

from rollcall.access.saml import certificates
from rollcall.access.saml.certificates import Unusable
from rollcall.access.saml.models import Certificate
from rollcall.audit.models import Event
from rollcall.database import sealed_columns
from tests.access.saml.service_provider import ServiceProvider, sp_certificate
from tests.actors import TESTER

pytestmark = pytest.mark.django_db


def pem_of(key: rsa.RSAPrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def shown(wiki: ServiceProvider) -> int:
    answer = Browser().get(f"{wiki.address}/metadata")
    assert answer.headers["Content-Type"] == "application/samlmetadata+xml"
    return int(answer.content.count(b"<ds:X509Certificate>"))


def test_the_first_one_signs_and_the_next_waits_in_the_metadata(wiki: ServiceProvider) -> None:
    first = certificates.current(wiki.connection)
    new = certificates.rotate(TESTER, wiki.connection)
    assert certificates.current(wiki.connection) == first
    assert shown(wiki) == 2
    certificates.use(TESTER, new)
    assert certificates.current(wiki.connection) == new
    assert certificates.of(wiki.connection) == [new, first]
    certificates.remove(TESTER, first)
    assert shown(wiki) == 1
    actions = set(Event.objects.values_list("action", flat=True))
    assert {"sso.key.add", "sso.key.use", "sso.key.remove"} <= actions


def test_the_one_that_signs_is_not_removed(wiki: ServiceProvider) -> None:
    with pytest.raises(Unusable):
        certificates.remove(TESTER, certificates.current(wiki.connection))


def test_there_are_not_endlessly_many(
    wiki: ServiceProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(certificates, "MOST", 1)
    with pytest.raises(Unusable):
        certificates.rotate(TESTER, wiki.connection)


def test_the_private_half_is_sealed_and_can_be_sealed_anew(wiki: ServiceProvider) -> None:
    assert b"PRIVATE KEY" not in bytes(certificates.current(wiki.connection).private)
    assert Certificate in {column.model for column in sealed_columns.columns()}
    assert "PRIVATE KEY" not in str(list(Event.objects.values()))


def test_a_pair_of_elsewhere_is_taken_where_it_is_one(
    wiki: ServiceProvider, keys: list[rsa.RSAPrivateKey], monkeypatch: pytest.MonkeyPatch
) -> None:
    pem = sp_certificate(keys[1])
    for certificate, key in (
        (pem, pem_of(keys[0])),
        (pem, "no key"),
        ("no certificate", pem_of(keys[1])),
        (pem, pem_of(keys[1])),  # it is over
    ):
        with pytest.raises(Unusable):
            certificates.upload(TESTER, wiki.connection, certificate, key)
    own = certificates._self_signed(keys[1], wiki.connection).public_bytes(Encoding.PEM).decode()
    made = certificates.upload(TESTER, wiki.connection, own, pem_of(keys[1]))
    assert made.signs_from is None
    with pytest.raises(Unusable):
        certificates.upload(TESTER, wiki.connection, own, pem_of(keys[1]))
