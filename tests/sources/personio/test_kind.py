"""Personio as a kind of source: whose ids an account's are, and that it comes back as it was."""

from __future__ import annotations

import json

import pytest

from rollcall.sources.errors import SettingsError
from rollcall.sources.personio.kind import KIND

RIGHT = {"PERSONIO_CLIENT_ID": "papi-id", "PERSONIO_CLIENT_SECRET": "papi-secret"}


def key(**values: str) -> str:
    """The key of the account with these settings beside the credentials."""
    return str(KIND.account({**RIGHT, **values}).key)


def test_an_account_is_the_same_whatever_its_credentials_are_at_the_moment() -> None:
    assert key() == key(PERSONIO_CLIENT_ID="papi-another", PERSONIO_CLIENT_SECRET="s") == "personio"
    assert key(PERSONIO_URL="https://api.personio.de/v1/", PERSONIO_TIMEOUT="5") == "personio"


def test_accounts_at_two_addresses_or_of_two_names_are_never_the_same() -> None:
    keys = [
        key(),
        key(PERSONIO_URL="http://127.0.0.1:8080"),
        key(PERSONIO_URL="http://127.0.0.1:8081"),
        key(PERSONIO_URL="http://acme"),
        key(PERSONIO_ACCOUNT="acme"),
        key(PERSONIO_ACCOUNT="other"),
        key(PERSONIO_URL=f"https://{'x' * 100}.example"),
        key(PERSONIO_URL=f"https://{'x' * 100}.example/eu"),
    ]
    assert len(set(keys)) == len(keys)


def test_a_named_account_is_the_same_wherever_it_is_reached() -> None:
    named = {"PERSONIO_ACCOUNT": "Acme-1"}
    assert key(**named) == key(**named, PERSONIO_URL="http://127.0.0.1:9") == "personio:acme-1"


@pytest.mark.parametrize("name", ["a b", "-", "acme:1", "x" * 33, "ä"])
def test_a_name_that_cannot_be_used_is_refused(name: str) -> None:
    with pytest.raises(SettingsError, match="32 letters, digits and hyphens") as caught:
        key(PERSONIO_ACCOUNT=name)
    assert caught.value.names == ("PERSONIO_ACCOUNT",)


def test_an_account_that_was_kept_is_the_same_account() -> None:
    account = KIND.account({**RIGHT, "PERSONIO_TIMEOUT": "7", "PERSONIO_ACCOUNT": "acme"})
    assert KIND.from_record(json.loads(json.dumps(KIND.to_record(account)))) == account


def test_a_hurried_account_is_the_same_with_less_patience() -> None:
    account = KIND.account(RIGHT)
    assert KIND.hurried(account).key == account.key
    assert KIND.hurried(account).tries < account.tries
