"""Expressions: checked before they are kept, bounded, and silent on what is not known."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from rollcall.core.expressions import LONGEST, ExpressionMalformed, Language, Type

LANGUAGE = Language(
    {"country": Type.TEXT, "groups": Type.TEXTS, "managed": Type.FLAG, "now": Type.TIME}
)
MONDAY = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "values", "expected"),
    [
        ("country == 'DE'", {"country": "DE"}, True),
        ("country == 'DE'", {"country": "AT"}, False),
        ("country in ['DE', 'AT']", {"country": "AT"}, True),
        ("'it' in groups", {"groups": ["hr", "it"]}, True),
        ("groups.exists(g, g.startsWith('ext'))", {"groups": ["extern"]}, True),
        ("now.getHours('Europe/Berlin') == 10", {"now": MONDAY}, True),
        ("!managed", {"managed": False}, True),
    ],
)
def test_it_says_yes_or_no(text: str, values: dict[str, Any], expected: bool) -> None:
    assert LANGUAGE.compile(text).evaluate(values) is expected


@pytest.mark.parametrize(
    ("text", "values", "expected"),
    [
        ("managed", {}, None),
        ("!managed", {}, None),
        ("managed && country == 'DE'", {"country": "DE"}, None),
        ("managed && country == 'DE'", {"country": "AT"}, False),
        ("managed || country == 'DE'", {"country": "DE"}, True),
        ("managed || country == 'DE'", {"country": "AT"}, None),
        ("country == 'DE' ? managed : false", {"country": "AT"}, False),
    ],
)
def test_what_is_not_known_stays_so(text: str, values: dict[str, Any], expected: bool) -> None:
    assert LANGUAGE.compile(text).evaluate(values) is expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("country ==", "Syntax error"),
        ("colour == 'red'", "undeclared reference to 'colour'"),
        ("country == 1", "no matching overload"),
        ("country", "true or false"),
        ("country.__class__ == ''", "1:8: "),
        ("groups.exists(g, g.startswith('ext'))", "undeclared reference to 'startswith'"),
        ("__import__('os').system('id') == 0", "undeclared reference"),
        ("'" + "a" * LONGEST + "' == country", "at most 2000 characters"),
        ("(" * 900 + "managed" + ")" * 900, "recursion"),
        ("", "Syntax error"),
    ],
)
def test_a_mistake_is_told_before_it_is_kept(text: str, reason: str) -> None:
    with pytest.raises(ExpressionMalformed, match=reason):
        LANGUAGE.compile(text)


def test_loops_within_loops_end_by_their_budget_and_say_nothing() -> None:
    many = [str(number) for number in range(200)]
    text = "groups.all(a, groups.all(b, groups.all(c, a + b + c != 'x')))"
    assert LANGUAGE.compile(text).evaluate({"groups": many}) is None


def test_a_pattern_of_exponential_cost_is_harmless() -> None:
    text = "country.matches('^(a+)+$')"
    assert LANGUAGE.compile(text).evaluate({"country": "a" * 5000 + "!"}) is False


def test_a_value_of_another_type_is_not_known() -> None:
    assert LANGUAGE.compile("managed").evaluate({"managed": "yes"}) is None
