"""Passwords are hashed with Argon2id, and older hashes are replaced when their owners sign in."""

from __future__ import annotations

import pytest
from django.contrib.auth.hashers import check_password, make_password
from django.test import Client
from pytest_django.fixtures import Settings

from rollcall.accounts import services
from rollcall.accounts.models import Account, Role
from rollcall.accounts.password_hashing import Argon2idHasher
from tests.actors import TESTER
from tests.web.world import PASSWORD

OURS = "rollcall.accounts.password_hashing.Argon2idHasher"
SCRYPT = "django.contrib.auth.hashers.ScryptPasswordHasher"


@pytest.fixture(autouse=True)
def _real_hashes(settings: Settings, _quick_passwords: None) -> None:
    settings.PASSWORD_HASHERS = [OURS, SCRYPT]


def test_a_hash_has_the_parameters_of_the_design_and_fits_its_column() -> None:
    encoded = make_password(PASSWORD)
    assert encoded.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert len(encoded) <= 128
    assert check_password(PASSWORD, encoded)
    assert not check_password("another", encoded)


def test_two_hashes_of_one_password_differ() -> None:
    assert make_password(PASSWORD) != make_password(PASSWORD)


def test_a_hash_of_other_parameters_holds_and_is_to_be_replaced() -> None:
    # RFC 9106's parameters in the reference implementation's own test of "password", "somesalt"
    weaker = (
        "argon2$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ"
        "$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
    )
    assert check_password("password", weaker)
    assert Argon2idHasher().must_update(weaker)
    assert not Argon2idHasher().must_update(make_password(PASSWORD))


@pytest.mark.django_db
def test_an_older_hash_is_replaced_at_sign_in(client: Client, settings: Settings) -> None:
    settings.PASSWORD_HASHERS = [SCRYPT]
    account = services.create(TESTER, "ines@example.com", {Role.MANAGER}, password=PASSWORD)
    assert account.password.startswith("scrypt$")
    settings.PASSWORD_HASHERS = [OURS, SCRYPT]
    form = {"login": "ines@example.com", "password": PASSWORD}
    assert client.post("/account/sign-in/", form).status_code == 302
    assert Account.objects.get(pk=account.pk).password.startswith("argon2$argon2id$")
    assert client.get("/profile/").status_code == 200


@pytest.mark.parametrize("encoded", ["argon2$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$AAAA"])
def test_a_broken_hash_is_nobodys_password(encoded: str) -> None:
    assert not check_password(PASSWORD, encoded)
