"""The keys that sign ID tokens: made at first use, published, replaced with an overlap."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from jwcrypto.common import JWException
from jwcrypto.jwk import JWK
from jwcrypto.jws import JWS

from rollcall.access.oidc.models import SigningKey
from rollcall.audit.actions import Action
from rollcall.audit.actor import Actor
from rollcall.audit.recording import Target, record
from rollcall.core.actor import ROLLCALL
from rollcall.core.sealing import seal_bytes, unseal_bytes
from rollcall.jobs import clock

ALGORITHM: Final = "RS256"
BITS: Final = 2048
AHEAD: Final = timedelta(days=1)
"""How long a new key is published before it signs: longer than clients keep the list."""
BELIEVED_FOR: Final = timedelta(days=7)
"""How long what a key signed is believed after the next one signs."""
REPLACED_AFTER: Final = timedelta(days=90)


def sign(claims: dict[str, Any]) -> str:
    """The claims as a signed JWT, by the key that signs now."""
    key = current()
    token = JWS(json.dumps(claims))
    header = {"alg": ALGORITHM, "typ": "JWT", "kid": key.kid}
    token.add_signature(_opened(key.kid, bytes(key.private)), None, json.dumps(header), None)
    return str(token.serialize(compact=True))


def signed_by_us(token: str) -> dict[str, Any] | None:
    """The claims of a JWT that one of our published keys signed, also of one that has expired."""
    if not token or len(token) > 16_384:
        return None
    for key in published():
        seen = JWS()
        seen.allowed_algs = [ALGORITHM]
        try:
            seen.deserialize(token, JWK(**key))
            claims = json.loads(seen.payload)
        except (JWException, ValueError):
            continue
        return claims if isinstance(claims, dict) else None
    return None


def current() -> SigningKey:
    """The key that signs now; the first one is made when it is asked for."""
    signing = _in_force().filter(signs_from__lte=timezone.now())
    key = signing.order_by("-signs_from").first()
    return key or _make(ROLLCALL, timezone.now())


def published() -> list[dict[str, Any]]:
    """The public halves of all keys in force, as a JWK set lists them (RFC 7517, 5)."""
    keys = list(_in_force().order_by("signs_from").values_list("public", flat=True))
    return keys or [current().public]


def rotate(actor: Actor, *, at_once: bool = False) -> SigningKey:
    """Make a new key, which signs from tomorrow on.

    `at_once` where others have got to know the old one: nothing that it signed is believed then.
    """
    now = timezone.now()
    signs_from = now if at_once else now + AHEAD
    until = now if at_once else signs_from + BELIEVED_FOR
    with transaction.atomic():
        ending = _in_force() if at_once else SigningKey.objects.filter(published_until=None)
        ending.update(published_until=until)
        return _make(actor, signs_from)


def keep_fresh() -> None:
    """Replace a key that has signed for long, and forget those that nothing is believed of."""
    # By a clock that leaps, every key would be too old at once.
    if clock.read():
        return
    now = timezone.now()
    SigningKey.objects.filter(published_until__lt=now).delete()
    newest = SigningKey.objects.order_by("-signs_from").first()
    if newest is not None and newest.signs_from < now - REPLACED_AFTER:
        rotate(ROLLCALL)


def _in_force() -> QuerySet[SigningKey]:
    believed = Q(published_until=None) | Q(published_until__gt=timezone.now())
    return SigningKey.objects.filter(believed)


@transaction.atomic
def _make(actor: Actor, signs_from: datetime) -> SigningKey:
    pair = rsa.generate_private_key(public_exponent=65537, key_size=BITS)
    pem = pair.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    jwk = JWK.from_pem(pem)
    kid = str(jwk.thumbprint())
    public = {**jwk.export_public(as_dict=True), "kid": kid, "use": "sig", "alg": ALGORITHM}
    key = SigningKey.objects.create(
        kid=kid, private=seal_bytes(pem), public=public, signs_from=signs_from
    )
    record(actor, Action.SSO_KEY_ADD, Target("signing_key", kid))
    return key


@lru_cache(maxsize=8)
def _opened(kid: str, sealed: bytes) -> JWK:
    """The key pair, ready to sign: reading it costs many times what a signature does."""
    return JWK.from_pem(unseal_bytes(sealed))
