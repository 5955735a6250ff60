"""An account is named by settings; what is missing or cannot be used is named too."""

from __future__ import annotations

import pytest

from rollcall.sources.personio.account import Account
from rollcall.sources.personio.errors import SettingsError

RIGHT = {"PERSONIO_CLIENT_ID": "papi-id", "PERSONIO_CLIENT_SECRET": "papi-secret"}


def test_two_credentials_are_enough_for_personios_own_host_at_its_own_pace() -> None:
    account = Account.of(RIGHT)
    assert account.url == "https://api.personio.de"
    assert account.requests_per_minute == 300
    assert (account.timeout, account.connect_timeout) == (30.0, 10.0)


def test_another_host_is_unpaced_unless_a_pace_is_set() -> None:
    there = {**RIGHT, "PERSONIO_URL": "http://127.0.0.1:8900/v1/"}
    assert Account.of(there).url == "http://127.0.0.1:8900"
    assert Account.of(there).requests_per_minute is None
    paced = Account.of({**there, "PERSONIO_REQUESTS_PER_MINUTE": "120"})
    assert paced.requests_per_minute == 120


def test_zero_takes_the_pace_away_and_a_timeout_can_be_set() -> None:
    account = Account.of({**RIGHT, "PERSONIO_REQUESTS_PER_MINUTE": "0", "PERSONIO_TIMEOUT": "2.5"})
    assert account.requests_per_minute is None
    assert account.timeout == 2.5


@pytest.mark.parametrize("name", RIGHT)
@pytest.mark.parametrize("value", ["", "  ", None])
def test_a_missing_credential_is_named(name: str, value: str | None) -> None:
    values = {key: given for key, given in {**RIGHT, name: value}.items() if given is not None}
    with pytest.raises(SettingsError, match=name) as caught:
        Account.of(values)
    assert caught.value.names == (name,)


def test_both_missing_credentials_are_named_at_once() -> None:
    with pytest.raises(SettingsError) as caught:
        Account.of({})
    assert caught.value.names == ("PERSONIO_CLIENT_ID", "PERSONIO_CLIENT_SECRET")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PERSONIO_URL", "api.personio.de"),
        ("PERSONIO_URL", "ftp://api.personio.de"),
        ("PERSONIO_URL", "https://"),
        ("PERSONIO_URL", "https://host:port"),
        ("PERSONIO_URL", "https://[::1"),
        ("PERSONIO_URL", "https://someone:hidden-word@api.personio.de"),
        ("PERSONIO_URL", "https://api.personio.de/?client_secret=hidden-word"),
        ("PERSONIO_REQUESTS_PER_MINUTE", "many"),
        ("PERSONIO_REQUESTS_PER_MINUTE", "-1"),
        ("PERSONIO_REQUESTS_PER_MINUTE", "1.5"),
        ("PERSONIO_TIMEOUT", "0"),
        ("PERSONIO_TIMEOUT", "soon"),
        ("PERSONIO_TIMEOUT", "nan"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named_and_its_value_not_shown(
    name: str, value: str
) -> None:
    with pytest.raises(SettingsError, match=name) as caught:
        Account.of({**RIGHT, name: value})
    assert "hidden-word" not in str(caught.value)
