"""The country of an address, from a file that the administrator brings; without it, unknown."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rollcall.access.policies import books, countries, gathering
from rollcall.access.policies import settings as policy_settings
from rollcall.access.policies.countries import Problem
from rollcall.access.policies.decision.facts import Resource, ResourceType
from rollcall.access.policies.models import AccessPolicy
from rollcall.cli.doctor import _look_at_countries
from rollcall.cli.exits import Exit
from tests.access.policies.conftest import document
from tests.access.policies.mmdb import MARKER, encoded, written

RECORDS: dict[str, Any] = {
    "192.0.2.0/25": {"country": {"iso_code": "DE"}},
    "192.0.2.128/25": {"country": "at"},
    "198.51.100.0/24": {"country_code": "CH"},
    "203.0.113.0/24": {"country": {"iso_code": "Germany"}},
    "2001:db8::/32": {"country": {"iso_code": "US"}},
}


@pytest.fixture
def file(tmp_path: Path, settings: Any) -> Path:
    path = tmp_path / "countries.mmdb"
    path.write_bytes(written(RECORDS))
    settings.COUNTRY_FILE = str(path)
    return path


@pytest.mark.parametrize(
    ("address", "country"),
    [
        ("192.0.2.7", "DE"),
        ("::ffff:192.0.2.7", "DE"),
        ("192.0.2.200", "AT"),
        ("198.51.100.1", "CH"),
        ("2001:db8::7", "US"),
        ("203.0.113.9", None),
        ("10.0.0.1", None),
        ("no address", None),
        ("", None),
    ],
)
def test_an_address_has_the_country_of_its_network(
    file: Path, address: str, country: str | None
) -> None:
    assert countries.of(address) == country


def test_without_a_file_no_country_is_known(settings: Any) -> None:
    settings.COUNTRY_FILE = ""
    assert countries.of("192.0.2.7") is None
    assert countries.current().problem is Problem.NONE_SET


def test_a_file_that_is_not_there_or_no_file_is_said_to_be(tmp_path: Path, settings: Any) -> None:
    settings.COUNTRY_FILE = str(tmp_path / "gone.mmdb")
    assert countries.current().problem is Problem.MISSING
    settings.COUNTRY_FILE = str(tmp_path)
    assert countries.current().problem is Problem.MISSING
    os.mkfifo(tmp_path / "pipe")
    settings.COUNTRY_FILE = str(tmp_path / "pipe")
    assert countries.current().problem is Problem.MISSING
    assert countries.of("192.0.2.7") is None


def test_a_file_that_is_too_large_is_not_read(file: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(countries, "LARGEST", 100)
    assert countries.read(file).problem is Problem.TOO_LARGE


def test_a_file_that_is_replaced_is_read_anew(file: Path) -> None:
    assert countries.of("192.0.2.7") == "DE"
    other = file.with_suffix(".new")
    other.write_bytes(written({"192.0.2.0/24": {"country": {"iso_code": "NL"}}}))
    other.replace(file)
    assert countries.of("192.0.2.7") == "NL"
    assert str(countries.current().built) == "2026-09-21"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no database",
        MARKER,
        MARKER + encoded({"node_count": 1}),
        MARKER + encoded(["en"]),
        written(RECORDS)[:200],
    ],
)
def test_a_file_that_is_no_database_is_said_to_be(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "damaged.mmdb"
    path.write_bytes(content)
    assert countries.read(path).problem is Problem.MALFORMED


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, len(written(RECORDS)) - 1), byte=st.integers(0, 255))
def test_a_damaged_file_says_nothing_wrong_and_breaks_nothing(
    tmp_path: Path, place: int, byte: int
) -> None:
    content = bytearray(written(RECORDS))
    content[place] = byte
    path = tmp_path / "damaged.mmdb"
    path.write_bytes(content)
    country = countries.read(path).of("192.0.2.7")
    assert country is None or (len(country) == 2 and country.isupper())


@pytest.mark.django_db
def test_a_decision_knows_the_country_and_a_country_that_is_said_counts(file: Path) -> None:
    def facts(address: str, country: str | None = None) -> Any:
        return gathering.of(
            gathering.Who(None, ""),
            Resource(ResourceType.ADMIN_PORTAL),
            datetime.now(UTC),
            address=address,
            country=country,
        )

    policy = document("Abroad", "deny", {"locationNotIn": {"countries": ["DE"]}})
    row = AccessPolicy(**{name: getattr(policy, name) for name in policy.__dataclass_fields__})
    rulebook = books.compiled([row], [], {})
    assert rulebook.decide(facts("192.0.2.7")).admitted
    assert not rulebook.decide(facts("192.0.2.200")).admitted
    assert not rulebook.decide(facts("192.0.2.7", "US")).admitted
    # Nobody knows where this is: the policy does not hold.
    assert rulebook.decide(facts("10.0.0.1")).admitted


def test_the_file_is_set_by_its_path() -> None:
    section = policy_settings.PolicySettings.of({"ROLLCALL_COUNTRY_FILE": "countries.mmdb"})
    assert section.country_file == "countries.mmdb"


def test_the_doctor_names_a_file_that_cannot_be_used_and_no_file_that_is_not_set(
    file: Path, settings: Any
) -> None:
    [finding] = _look_at_countries()
    assert (finding.status, finding.line) == (Exit.DONE, "a file of 2026-09-21")
    file.write_bytes(b"no database")
    [finding] = _look_at_countries()
    assert finding.status == Exit.USAGE
    assert "is damaged" in finding.line
    settings.COUNTRY_FILE = ""
    assert list(_look_at_countries()) == []
