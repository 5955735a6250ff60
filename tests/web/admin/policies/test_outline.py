"""Conditions as rows in groups: what is shown is what holds."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings

from rollcall.access.policies.decision import condition_parsing
from rollcall.access.policies.decision.facts import Facts
from rollcall.web.admin.policies import outline
from rollcall.web.admin.policies.outline import Group, Outline, Row
from tests.access.policies.strategies import CONDITIONS, LISTS, facts

HOME = {"locationIn": {"countries": ["DE"]}}
OFFICE = {"ipAddressIn": ["office"]}
AWAY = {"ipAddressNotIn": ["office"]}
ROW = Row("locationIn", {"countries": ["DE"]})
IN = Row("ipAddressIn", ["office"])
OUT = Row("ipAddressIn", ["office"], negated=True)


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ({}, Outline(())),
        (HOME, Outline((Group((ROW,)),))),
        ({**HOME, **OFFICE}, Outline((Group((ROW, IN)),))),
        ({"any": [HOME, AWAY]}, Outline((Group((ROW, OUT), "any"),))),
        ({"not": {"any": [HOME, OFFICE]}}, Outline((Group((ROW, IN), "none"),))),
        ({"not": OFFICE}, Outline((Group((OUT,)),))),
        ({"not": AWAY}, Outline((Group((IN,)),))),
        (
            {"any": [{"all": [HOME, OFFICE]}, {"not": {"any": [AWAY]}}]},
            Outline((Group((ROW, IN)), Group((OUT,), "none")), "any"),
        ),
    ],
)
def test_two_levels_are_rows_in_groups(conditions: dict[str, Any], expected: Outline) -> None:
    assert outline.read(conditions) == expected


@pytest.mark.parametrize(
    "conditions",
    [
        {"all": [{"any": [{"all": [HOME, {"any": [OFFICE, AWAY]}]}]}]},
        {"all": []},
        {"any": [{}, HOME]},
        {"not": {}},
        [],
        None,
    ],
)
def test_what_goes_deeper_or_is_empty_has_no_rows(conditions: Any) -> None:
    assert outline.read(conditions) is None


@settings(max_examples=30)
@given(conditions=CONDITIONS, known=facts())
def test_what_the_rows_say_is_what_the_conditions_say(
    conditions: dict[str, Any], known: Facts
) -> None:
    shown = outline.read(conditions)
    if shown is None:
        return
    written = outline.write(shown)
    assert outline.read(written) is not None
    truth = condition_parsing.parse(conditions).truth(known, LISTS)
    assert condition_parsing.parse(written).truth(known, LISTS) is truth


def test_a_group_without_rows_is_left_out() -> None:
    assert outline.write(Outline((Group(()), Group((ROW,))))) == HOME
    assert outline.write(Outline((Group(()),))) == {}
