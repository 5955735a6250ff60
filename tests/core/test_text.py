"""The one form of a text, and what two texts have in common."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollcall.core.text import clean, counted, cut, fold, same

any_text = st.text(st.characters(), max_size=60)


@pytest.mark.parametrize(
    ("raw", "fit"),
    [
        ("  Mara  ", "Mara"),
        ("Head of\r\nSales", "Head of Sales"),
        ("Head\tof Sales", "Head of Sales"),
        ("Sa\x00l\x07es\x7f\x85", "Sales"),
        ("Sa\ud800les", "Sales"),
        ("Zoe\u0308", "Zoë"),
        ("<b>Sales</b> & more", "<b>Sales</b> & more"),
        ("\x00 \n", ""),
    ],
)
def test_a_value_is_trimmed_freed_of_control_characters_and_normalized(raw: str, fit: str) -> None:
    assert clean(raw) == fit


@given(any_text)
def test_cleaning_a_clean_value_changes_nothing(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert clean(cut(once, 5)) == cut(once, 5)


@given(any_text)
def test_folding_once_is_enough(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(any_text)
def test_a_text_is_the_same_in_any_case_and_any_normal_form(text: str) -> None:
    assert same(text, clean(text))
    assert same(text, unicodedata.normalize("NFD", clean(text)))
    assert same(text, clean(text).casefold())


@pytest.mark.parametrize(
    ("one", "other"),
    [("Sales", "sales"), ("Vertrieb Süd", "VERTRIEB SÜD"), ("Straße", "STRASSE"), ("ΣΑΣ", "σας")],
)
def test_texts_that_differ_in_case_alone_are_the_same(one: str, other: str) -> None:
    assert same(one, other)
    assert not same(one, f"{other}s")


@pytest.mark.parametrize(
    ("number", "said"), [(0, "0 users"), (1, "1 user"), (2, "2 users"), (4678, "4,678 users")]
)
def test_a_number_stands_with_its_noun(number: int, said: str) -> None:
    assert counted(number, "user") == said
    assert counted(1, "person", "people") == "1 person"
    assert counted(2, "person", "people") == "2 people"
