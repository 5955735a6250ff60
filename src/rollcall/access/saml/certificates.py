"""The certificates that sign: made, uploaded, replaced with an overlap, warned of before they end.

A new one stands in the metadata before it signs, so that an application can learn it first; the one
before stays there until it is removed, so that nothing breaks on the day of the change.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID
from django.db import transaction
from django.utils import timezone

from rollcall.access.saml.configuration import LEAST_BITS, certificate_of
from rollcall.access.saml.messages.signatures import Signer
from rollcall.access.saml.models import Certificate, Connection
from rollcall.audit.actions import Action
from rollcall.audit.actor import Actor
from rollcall.audit.recording import record
from rollcall.core.errors import Problem
from rollcall.core.sealing import seal_bytes, unseal_bytes
from rollcall.directory.services.events import application_target

BITS: Final = 2048
LASTS: Final = timedelta(days=1095)
EARLY: Final = timedelta(hours=1)
"""How long before now a new one begins: the application's clock may be behind."""
MOST: Final = 4
"""How many an application may have at a time."""
LONGEST_KEY: Final = 16_384


class Unusable(Problem):
    """A certificate cannot be taken, used or removed; the message says why."""


def of(connection: Connection) -> list[Certificate]:
    """All that the metadata show: the one that signs first, then the others, the newest first."""
    rows = list(connection.certificates.order_by("-created", "-pk"))
    signing = _signing(rows)
    return sorted(rows, key=lambda row: row != signing)


def current(connection: Connection) -> Certificate:
    """The one that signs.

    Raises:
        Unusable: the application has none.
    """
    signing = _signing(list(connection.certificates.exclude(signs_from=None)))
    if signing is None:
        raise Unusable("the application has no certificate that signs: make a new one")
    return signing


def signer(certificate: Certificate) -> Signer:
    """Its key, ready to sign."""
    return _opened(certificate.pk, bytes(certificate.private), certificate.certificate)


@transaction.atomic
def rotate(actor: Actor, connection: Connection) -> Certificate:
    """Make a new one beside the one that signs; `use` lets it sign once the application knows it.

    The first one of an application signs at once.

    Raises:
        Unusable: there are too many.
    """
    key = new_key()
    return _add(actor, connection, key, _self_signed(key, connection))


@transaction.atomic
def upload(actor: Actor, connection: Connection, certificate: str, key: str) -> Certificate:
    """Take a pair that was made elsewhere, both as PEM, beside the one that signs.

    Raises:
        Unusable: they are no pair of RSA with 2,048 bits or more, or over, or there are too many.
    """
    if len(key) > LONGEST_KEY:
        raise Unusable("the private key is too long")
    try:
        theirs = certificate_of(certificate)
        private = load_pem_private_key(key.encode(), password=None)
    except (ValueError, TypeError):
        raise Unusable("give certificate and private key as PEM, without a password") from None
    if not isinstance(private, rsa.RSAPrivateKey) or private.key_size < LEAST_BITS:
        raise Unusable(f"the key has to be of RSA with at least {LEAST_BITS} bits")
    if _public(theirs.public_key()) != _public(private.public_key()):
        raise Unusable("the private key does not belong to the certificate")
    if theirs.not_valid_after_utc <= timezone.now():
        raise Unusable("the certificate is over")
    return _add(actor, connection, private, theirs)


@transaction.atomic
def use(actor: Actor, certificate: Certificate) -> Certificate:
    """Let it sign from now on; the one before stays in the metadata until it is removed."""
    certificate.signs_from = timezone.now()
    certificate.save(update_fields=["signs_from"])
    after = {"fingerprint": certificate.fingerprint}
    target = application_target(certificate.connection.application)
    record(actor, Action.SSO_KEY_USE, target, after=after)
    return certificate


@transaction.atomic
def remove(actor: Actor, certificate: Certificate) -> None:
    """Take it out of the metadata for good, with its key.

    Raises:
        Unusable: it is the one that signs.
    """
    connection = certificate.connection
    if certificate == _signing(list(connection.certificates.select_for_update())):
        raise Unusable("this certificate signs: let another one sign first")
    before = {"fingerprint": certificate.fingerprint}
    certificate.delete()
    record(actor, Action.SSO_KEY_REMOVE, application_target(connection.application), before=before)


def new_key() -> rsa.RSAPrivateKey:
    """A new key pair."""
    return rsa.generate_private_key(public_exponent=65537, key_size=BITS)


def _signing(rows: list[Certificate]) -> Certificate | None:
    signing = [row for row in rows if row.signs_from is not None]
    return max(signing, key=lambda row: (row.signs_from, row.pk), default=None)


def _add(
    actor: Actor, connection: Connection, key: rsa.RSAPrivateKey, certificate: x509.Certificate
) -> Certificate:
    # Held, so that of two at once only one becomes the first, which signs.
    Connection.objects.select_for_update().get(pk=connection.pk)
    rows = list(connection.certificates.all())
    fingerprint = certificate.fingerprint(hashes.SHA256()).hex()
    if len(rows) >= MOST:
        raise Unusable(f"an application has at most {MOST} certificates: remove one first")
    if any(row.fingerprint == fingerprint for row in rows):
        raise Unusable("the application has this certificate already")
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    made = Certificate.objects.create(
        connection=connection,
        private=seal_bytes(pem),
        certificate=certificate.public_bytes(Encoding.PEM).decode(),
        fingerprint=fingerprint,
        not_after=certificate.not_valid_after_utc,
        signs_from=None if _signing(rows) else timezone.now(),
    )
    after = {"fingerprint": fingerprint, "not_after": made.not_after.isoformat()}
    record(actor, Action.SSO_KEY_ADD, application_target(connection.application), after=after)
    return made


def _self_signed(key: rsa.RSAPrivateKey, connection: Connection) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Rollcall {connection.path}"[:64])])
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - EARLY)
        .not_valid_after(now + LASTS)
        .sign(key, hashes.SHA256())
    )


def _public(key: object) -> bytes:
    if not isinstance(key, rsa.RSAPublicKey):
        return b""
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


@lru_cache(maxsize=256)
def _opened(pk: int, sealed: bytes, certificate: str) -> Signer:
    """The key, read once: reading it costs many times what a signature does."""
    key = load_pem_private_key(unseal_bytes(sealed), password=None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise Unusable("the key that signs is none of RSA")
    return Signer(key, certificate)
