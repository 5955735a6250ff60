"""Texts that look alike and are not the same are twins."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollcall.core.lookalikes import are_twins, lookalike


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("\u0430da@example.org", "ada@example.org"),
        ("\u0420\u0430yroll", "Payroll"),
        ("\u03bfscar@example.org", "oscar@example.org"),
        ("\u0421\u041e", "CO"),
        ("ad\u0131l@example.org", "adil@example.org"),
    ],
)
def test_letters_of_other_scripts_look_like_latin_ones(text: str, other: str) -> None:
    assert are_twins(text, other)
    assert are_twins(other, text)


@pytest.mark.parametrize(
    ("text", "other"),
    [("Sales", "SALES"), ("m\u00fcller", "muller"), ("иван", "ivan"), ("anna1", "annal")],
)
def test_other_texts_are_no_twins(text: str, other: str) -> None:
    assert not are_twins(text, other)


@given(st.text())
def test_the_form_of_a_form_is_the_same(text: str) -> None:
    assert lookalike(lookalike(text)) == lookalike(text)
