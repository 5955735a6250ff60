"""The ordinary world of the provider's tests: a person, a group, an application bound to it."""

from __future__ import annotations

from itertools import cycle

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from rollcall.access.saml import certificates
from rollcall.accounts.models import Account
from rollcall.directory.models import UserGroup
from tests.access.oidc.relying_party import person
from tests.access.saml.service_provider import ServiceProvider
from tests.web.conftest import _quick_passwords

__all__ = ["_quick_passwords"]


@pytest.fixture(scope="session")
def keys() -> list[rsa.RSAPrivateKey]:
    """Key pairs for all tests: making one takes long."""
    return [rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(3)]


@pytest.fixture(autouse=True)
def _ready_keys(keys: list[rsa.RSAPrivateKey], monkeypatch: pytest.MonkeyPatch) -> None:
    """New certificates are made for those."""
    ready = cycle(keys)
    monkeypatch.setattr(certificates, "new_key", lambda: next(ready))


@pytest.fixture
def group(db: None) -> UserGroup:
    """The group that the application is bound to."""
    return UserGroup.objects.create(name="Engineering")


@pytest.fixture
def lena(group: UserGroup) -> Account:
    """Somebody in the group."""
    return person("lena", group)


@pytest.fixture
def wiki(group: UserGroup, keys: list[rsa.RSAPrivateKey]) -> ServiceProvider:
    """An application that signs nothing; nobody is signed in at its browser."""
    return ServiceProvider.bound_to(group, keys[2])


@pytest.fixture
def signed_in(wiki: ServiceProvider, lena: Account) -> ServiceProvider:
    """The same, with Lena signed in at Rollcall."""
    return wiki.signed_in(lena)
