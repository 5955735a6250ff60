"""The keys that sign ID and logout tokens: made, published, replaced with an overlap.

There is one of each algorithm (RS256, ES256), each with an overlap of its own.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric import ec, rsa
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

from rollcall.access.oidc.models import Algorithm, SigningKey
from rollcall.audit.actions import Action
from rollcall.audit.actor import Actor
from rollcall.audit.recording import Target, record
from rollcall.core.actor import ROLLCALL
from rollcall.core.sealing import seal_bytes, unseal_bytes
from rollcall.jobs import clock

BITS: Final = 2048
AHEAD: Final = timedelta(days=1)
"""How long a new key is published before it signs: longer than clients keep the list."""
BELIEVED_FOR: Final = timedelta(days=7)
"""How long what a key signed is believed after the next one signs."""
REPLACED_AFTER: Final = timedelta(days=90)
ID_TOKEN: Final = "JWT"  # noqa: S105 - no password
LOGOUT_TOKEN: Final = "logout+jwt"  # noqa: S105
"""What the header says a token is (`typ`; Back-Channel Logout, 2.4)."""


def sign(claims: dict[str, Any], algorithm: str = Algorithm.RS256, *, typ: str = ID_TOKEN) -> str:
    """The claims as a signed JWT, by the key of this algorithm that signs now."""
    key = current(algorithm)
    token = JWS(json.dumps(claims))
    header = {"alg": key.algorithm, "typ": typ, "kid": key.kid}
    token.add_signature(_opened(key.kid, bytes(key.private)), None, json.dumps(header), None)
    return str(token.serialize(compact=True))


def signed_by_us(token: str) -> dict[str, Any] | None:
    """The claims of an ID token that one of our published keys signed, also of one long over."""
    if not token or len(token) > 16_384:
        return None
    for key in published():
        seen = JWS()
        # The key's own and no other: a token must not choose how it is checked.
        seen.allowed_algs = [key["alg"]]
        try:
            seen.deserialize(token, JWK(**key))
            claims = json.loads(seen.payload)
        except (JWException, ValueError):
            continue
        # A logout token names somebody as well, and proves nothing about who has it.
        if seen.jose_header.get("typ") != ID_TOKEN:
            return None
        return claims if isinstance(claims, dict) else None
    return None


def current(algorithm: str = Algorithm.RS256) -> SigningKey:
    """The key that signs now; the first one is made when it is asked for."""
    signing = _in_force().filter(algorithm=algorithm, signs_from__lte=timezone.now())
    key = signing.order_by("-signs_from").first()
    return key or _make(ROLLCALL, timezone.now(), algorithm)


def published() -> list[dict[str, Any]]:
    """The public halves of all keys in force, as a JWK set lists them (RFC 7517, 5)."""
    keys = list(_in_force().order_by("signs_from").values_list("public", flat=True))
    return keys or [current().public]


def ensure(algorithm: str) -> None:
    """Have a key of this algorithm, so that it is published before it has anything to sign."""
    if not _in_force().filter(algorithm=algorithm).exists():
        _make(ROLLCALL, timezone.now(), algorithm)


def rotate(actor: Actor, *, at_once: bool = False, algorithm: str = Algorithm.RS256) -> SigningKey:
    """Make a new key of this algorithm, which signs from tomorrow on.

    `at_once` where others have got to know the old one: nothing that it signed is believed then.
    """
    now = timezone.now()
    signs_from = now if at_once else now + AHEAD
    until = now if at_once else signs_from + BELIEVED_FOR
    with transaction.atomic():
        keys = SigningKey.objects.filter(algorithm=algorithm)
        ending = _in_force(keys) if at_once else keys.filter(published_until=None)
        ending.update(published_until=until)
        return _make(actor, signs_from, algorithm)


def rotate_all(actor: Actor, *, at_once: bool = False) -> list[SigningKey]:
    """The same for each algorithm: who has got to know one key file has got to know both."""
    return [rotate(actor, at_once=at_once, algorithm=each) for each in Algorithm.values]


def keep_fresh() -> None:
    """Replace a key that has signed for long, and forget those that nothing is believed of."""
    # By a clock that leaps, every key would be too old at once.
    if clock.read():
        return
    now = timezone.now()
    SigningKey.objects.filter(published_until__lt=now).delete()
    for algorithm in Algorithm.values:
        keys = SigningKey.objects.filter(algorithm=algorithm)
        newest = keys.order_by("-signs_from").first()
        if newest is not None and newest.signs_from < now - REPLACED_AFTER:
            rotate(ROLLCALL, algorithm=algorithm)
    # Where one signs, the other is published as well: an application may change over at any time.
    if SigningKey.objects.exists():
        ensure(Algorithm.ES256)


def _in_force(keys: QuerySet[SigningKey] | None = None) -> QuerySet[SigningKey]:
    believed = Q(published_until=None) | Q(published_until__gt=timezone.now())
    return (SigningKey.objects.all() if keys is None else keys).filter(believed)


@transaction.atomic
def _make(actor: Actor, signs_from: datetime, algorithm: str) -> SigningKey:
    pem = _pair(algorithm).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    jwk = JWK.from_pem(pem)
    kid = str(jwk.thumbprint())
    public = {**jwk.export_public(as_dict=True), "kid": kid, "use": "sig", "alg": algorithm}
    key = SigningKey.objects.create(
        kid=kid,
        algorithm=algorithm,
        private=seal_bytes(pem),
        public=public,
        signs_from=signs_from,
    )
    record(actor, Action.SSO_KEY_ADD, Target("signing_key", kid))
    return key


def _pair(algorithm: str) -> rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey:
    if algorithm == Algorithm.ES256:
        return ec.generate_private_key(ec.SECP256R1())
    return rsa.generate_private_key(public_exponent=65537, key_size=BITS)


@lru_cache(maxsize=8)
def _opened(kid: str, sealed: bytes) -> JWK:
    """The key pair, ready to sign: reading it costs many times what a signature does."""
    return JWK.from_pem(unseal_bytes(sealed))
