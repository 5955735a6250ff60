"""Imports reach a vendor's own address and the operator's, and no other."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from rollcall.core.configuration import ConfigurationError, Installation, load, reachable
from rollcall.core.outgoing import addresses
from rollcall.core.outgoing.addresses import entries, is_allowed

VENDOR = "https://api.vendor.example"


@pytest.fixture(autouse=True)
def operators() -> Iterator[None]:
    """The list is put back as it was."""
    before = list(addresses._operators)
    addresses.allow([])
    yield
    addresses.allow(before)


@pytest.mark.parametrize(
    ("listed", "url", "allowed"),
    [
        ("", VENDOR, True),
        ("", f"{VENDOR}:443/v1", True),
        ("", f"{VENDOR}:8443", False),
        ("", "http://api.vendor.example", False),
        ("", "https://api.vendor.example.evil.example", False),
        ("", "https://evil.example/api.vendor.example", False),
        ("", "http://127.0.0.1:22", False),
        ("", "https://127.0.0.1", False),
        ("", "https://169.254.169.254", False),
        ("https://hr.example", "https://HR.example/path", True),
        ("https://hr.example", "https://hr.example.:443", True),
        ("https://hr.example", "https://hr.example:444", False),
        ("https://hr.example:*", "https://hr.example:444", True),
        ("http://127.0.0.1:8700", "http://127.0.0.1:8700", True),
        ("http://127.0.0.1:8700", "http://127.0.0.1:22", False),
        ("http://127.0.0.1:*", "http://127.0.0.1:22", True),
        ("http://localhost:*, http://[::1]:9", "http://[::1]:9", True),
        ("http://127.0.0.1:*", "http://127.0.0.2:22", False),
        ("https://hr.example", "ftp://hr.example", False),
        ("https://hr.example", "https://hr.example:port", False),
        ("https://hr.example", "", False),
    ],
)
def test_an_address_is_reached_where_the_list_has_it(listed: str, url: str, allowed: bool) -> None:
    addresses.allow(entries(listed))
    assert is_allowed(url, own=VENDOR) is allowed


@pytest.mark.parametrize(
    "text", ["hr.example", "http://hr.example", "ftp://hr.example", "https://", "http://10.0.0.1:*"]
)
def test_plain_http_to_another_machine_cannot_be_listed(text: str) -> None:
    with pytest.raises(ConfigurationError, match="ROLLCALL_ALLOWED_ADDRESSES"):
        Installation.of({"ROLLCALL_ALLOWED_ADDRESSES": text})


def test_what_the_operator_sets_for_the_commands_is_on_the_list() -> None:
    values = {"PERSONIO_URL": "http://127.0.0.1:8700/v1", "JUMPCLOUD_URL": "not an address"}
    found = load({**values, "ROLLCALL_ALLOWED_ADDRESSES": "https://hr.example"})
    addresses.allow(reachable(found, *values))
    assert is_allowed("http://127.0.0.1:8700")
    assert is_allowed("https://hr.example")
    assert not is_allowed("http://127.0.0.1:8701")
