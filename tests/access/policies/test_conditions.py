"""Conditions in three values: what is not known never counts as true, and stays so below `not`."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollcall.access.policies.decision import condition_parsing
from rollcall.access.policies.decision.facts import (
    Device,
    Facts,
    Resource,
    ResourceType,
    Truth,
    from_json,
)
from tests.access.policies.strategies import CONDITIONS, LEAVES, LISTS, facts

NOON = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)  # a Friday
NOBODY = Facts(user_id="u1", resource=Resource(ResourceType.USER_PORTAL), at=NOON)


def truth(given: dict[str, Any], known: Facts) -> Truth:
    return condition_parsing.parse(given).truth(known, LISTS)


def kleene(truths: list[Truth], *, deciding: bool) -> Truth:
    """What `all` (decided by a false) and `any` (by a true) say of their parts, by the book."""
    if deciding in truths:
        return deciding
    return None if None in truths else not deciding


@given(parts=st.lists(CONDITIONS, max_size=4), known=facts())
def test_all_any_and_not_follow_kleene(parts: list[dict[str, Any]], known: Facts) -> None:
    truths = [truth(part, known) for part in parts]
    assert truth({"all": parts}, known) is kleene(truths, deciding=False)
    assert truth({"any": parts}, known) is kleene(truths, deciding=True)
    for part, value in zip(parts, truths, strict=True):
        assert truth({"not": part}, known) is (None if value is None else not value)


@given(leaf=LEAVES, known=facts())
def test_a_leaf_about_an_unknown_fact_is_unknown_and_so_is_its_opposite(
    leaf: dict[str, Any], known: Facts
) -> None:
    unknown = replace(
        known, address="", country=None, device=Device(), mfa_configured=None, proved={}
    )
    [name] = leaf
    if name == "time" or leaf.get("expression") in ("'g1' in group_ids", "now.getHours() < 12"):
        return
    assert truth(leaf, unknown) is None
    assert truth({"not": leaf}, unknown) is None
    assert truth({"not": {"not": leaf}}, unknown) is None


def settled(known: Facts) -> list[Facts]:
    """The same facts with what was not known filled in, one way and the other."""
    filled = []
    for yes in (True, False):
        device = known.device
        filled.append(
            replace(
                known,
                address=known.address or ("192.0.2.7" if yes else "203.0.113.1"),
                country=known.country or ("DE" if yes else "US"),
                device=Device(
                    yes if device.managed is None else device.managed,
                    yes if device.encrypted is None else device.encrypted,
                    device.operating_system or ("macos" if yes else "windows"),
                    device.os_version or ("99" if yes else "1"),
                ),
                mfa_configured=yes if known.mfa_configured is None else known.mfa_configured,
            )
        )
    return filled


@given(condition=CONDITIONS, known=facts())
def test_what_is_said_without_knowing_all_stays_true_once_all_is_known(
    condition: dict[str, Any], known: Facts
) -> None:
    said = truth(condition, known)
    if said is not None:
        assert [truth(condition, more) for more in settled(known)] == [said, said]


@given(condition=CONDITIONS, known=facts())
def test_a_trace_says_what_the_condition_says_and_is_json(
    condition: dict[str, Any], known: Facts
) -> None:
    parsed = condition_parsing.parse(condition)
    trace = json.loads(json.dumps(parsed.trace(known, LISTS)))
    assert trace["holds"] is parsed.truth(known, LISTS)


@given(known=facts())
def test_facts_are_read_again_as_they_were_written(known: Facts) -> None:
    assert from_json(json.loads(json.dumps(known.as_json()))) == known


@pytest.mark.parametrize("stored", [{}, {"user": "erased"}, {"resource": "erased"}])
def test_facts_that_were_erased_are_none(stored: dict[str, Any]) -> None:
    assert from_json(stored) is None


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("192.0.2.7", True),
        ("::ffff:192.0.2.7", True),
        ("192.0.2.128", False),
        ("2001:db8::1", True),
        ("2001:db8:1::1", False),
        ("not an address", None),
        ("", None),
    ],
)
def test_an_address_is_in_a_list(address: str, expected: Truth) -> None:
    known = replace(NOBODY, address=address)
    assert truth({"ipAddressIn": ["office"]}, known) is expected
    opposite = None if expected is None else not expected
    assert truth({"ipAddressNotIn": ["office"]}, known) is opposite


def test_a_list_that_is_gone_is_not_known_unless_another_one_decides() -> None:
    known = replace(NOBODY, address="192.0.2.7")
    assert truth({"ipAddressIn": ["gone"]}, known) is None
    assert truth({"ipAddressNotIn": ["gone"]}, known) is None
    assert truth({"ipAddressIn": ["gone", "office"]}, known) is True
    assert truth({"ipAddressIn": ["gone", "vpn"]}, known) is None


@pytest.mark.parametrize(
    ("version", "system", "expected"),
    [
        ("14.2", "macos", True),
        ("14.10", "macos", True),
        ("14.1.9", "macos", False),
        ("15", "macos", True),
        ("14", "macos", False),
        (None, "macos", None),
        ("beta", "macos", None),
        ("99", "windows", False),
        (None, "windows", False),
        ("14.2", None, None),
    ],
)
def test_a_version_counts_number_by_number(
    version: str | None, system: str | None, expected: Truth
) -> None:
    known = replace(NOBODY, device=Device(operating_system=system, os_version=version))
    asked = {"osVersion": {"operatingSystem": "macos", "atLeast": "14.2"}}
    assert truth(asked, known) is expected


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-11-27T21:59+01:00", False),
        ("2026-11-27T22:00+01:00", True),
        ("2026-11-28T05:59+01:00", True),  # Saturday morning belongs to Friday's night
        ("2026-11-28T06:00+01:00", False),
        ("2026-11-28T23:00+01:00", False),
        ("2026-11-27T05:00+01:00", False),
    ],
)
def test_a_night_belongs_to_the_day_on_which_it_began(at: str, expected: bool) -> None:
    asked = {
        "time": {"days": ["friday"], "from": "22:00", "until": "06:00", "zone": "Europe/Berlin"}
    }
    assert truth(asked, replace(NOBODY, at=datetime.fromisoformat(at))) is expected


def test_hours_follow_the_clock_of_their_zone_in_summer_too() -> None:
    asked = {"time": {"from": "08:00", "until": "18:00", "zone": "Europe/Berlin"}}
    assert truth(asked, replace(NOBODY, at=datetime(2026, 7, 1, 6, 30, tzinfo=UTC)))
    assert not truth(asked, replace(NOBODY, at=datetime(2026, 12, 1, 6, 30, tzinfo=UTC)))
