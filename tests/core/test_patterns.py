"""Clients' patterns are searched for by an engine that no pattern can make run away."""

from __future__ import annotations

import pytest

from rollcall.core.patterns import LONGEST, PatternRefused, compiled


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("(?i)(anna|ben)", "BEN.VOSS", True),
        ("(?i)^(ÖZ.*)$", "özgür", True),
        ("^a.c$", "abc", True),
        ("^a.c$", "abcd", False),
        ("", "anything", True),
    ],
)
def test_a_pattern_is_found_where_it_is(pattern: str, text: str, found: bool) -> None:
    assert compiled(pattern).is_in(text) is found


@pytest.mark.parametrize(
    "pattern", ["(a+)+$", "^(a|a)*$", "^(a|aa)+$", "(.*)*x", "^(([a-z])+.)+[A-Z]$"]
)
def test_patterns_that_run_away_elsewhere_end_here(pattern: str) -> None:
    # exponential in the length of the text for an engine that goes back
    assert not compiled(pattern).is_in("a" * 100_000 + "!")


@pytest.mark.parametrize(
    ("pattern", "told"),
    [
        ("(?=a)", "look-arounds"),
        ("a(?!b)", "look-arounds"),
        ("(?<=a)b", "look-arounds"),
        ("(?<!a)b", "look-arounds"),
        (r"(a)\1", "back-references"),
        ("(a{100}){100}", "repeats too much"),
        ("(", "not a regular expression"),
        ("[", "not a regular expression"),
        ("a" * (LONGEST + 1), "longer than"),
    ],
)
def test_what_cannot_be_searched_for_is_refused_by_name(pattern: str, told: str) -> None:
    with pytest.raises(PatternRefused, match=told):
        compiled(pattern)


def test_a_refused_pattern_is_written_nowhere(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(PatternRefused):
        compiled("(?=mara.voss@example.org)(")
    assert capfd.readouterr() == ("", "")
