"""The ordinary world of the provider's tests: a person, a group, an application bound to it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.utils import timezone
from jwcrypto.jwk import JWK

from rollcall.access.oidc.models import SigningKey
from rollcall.accounts.models import Account
from rollcall.core.sealing import seal_bytes
from rollcall.directory.models import UserGroup
from tests.access.oidc.relying_party import RelyingParty, person
from tests.web.conftest import _quick_passwords

__all__ = ["_quick_passwords"]


@pytest.fixture(scope="session")
def key_pair() -> bytes:
    """A key pair for all tests: making one takes long."""
    pair = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return pair.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@pytest.fixture
def signing_key(db: None, key_pair: bytes) -> SigningKey:
    """A key that has signed since yesterday."""
    jwk = JWK.from_pem(key_pair)
    kid = str(jwk.thumbprint())
    return SigningKey.objects.create(
        kid=kid,
        private=seal_bytes(key_pair),
        public={**jwk.export_public(as_dict=True), "kid": kid, "use": "sig", "alg": "RS256"},
        signs_from=timezone.now() - timedelta(days=1),
    )


@pytest.fixture
def group(signing_key: SigningKey) -> UserGroup:
    """The group that the application is bound to."""
    return UserGroup.objects.create(name="Engineering")


@pytest.fixture
def lena(group: UserGroup) -> Account:
    """Somebody in the group."""
    return person("lena", group)


@pytest.fixture
def wiki(group: UserGroup) -> RelyingParty:
    """An application with a secret; nobody is signed in at its browser."""
    return RelyingParty.bound_to(group)


@pytest.fixture
def signed_in(wiki: RelyingParty, lena: Account) -> RelyingParty:
    """The same, with Lena signed in at Rollcall."""
    return wiki.signed_in(lena)
