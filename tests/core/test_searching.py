"""Text as searches compare it: without case, marks and what cannot be seen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollcall.core.searching import joined, searchable, words


@pytest.mark.parametrize(
    ("written", "searched"),
    [
        ("Özgür", "ozgur"),
        ("O\u0308zgu\u0308r", "ozgur"),
        ("ÇELİK", "celik"),
        ("Işık", "isik"),
        ("ИВАН", "иван"),
        ("Weiß", "weiss"),
        ("WEISS", "weiss"),
        ("Sørensen", "sorensen"),
        ("Łukasz Đurić", "lukasz duric"),
        ("\u212aurt", "kurt"),
        ("Ån\u200bna", "anna"),
        ("Ada\t\n Lovelace ", "ada lovelace"),
        ("王芳", "王芳"),
    ],
)
def test_a_text_is_searched_without_case_and_accents(written: str, searched: str) -> None:
    assert searchable(written) == searched


@given(st.text())
def test_a_searchable_text_stays_as_it_is(text: str) -> None:
    assert searchable(searchable(text)) == searchable(text)


@given(st.text(), st.text())
def test_no_search_finds_two_values_as_one(one: str, other: str) -> None:
    assert joined([one, other]).split("\n") == [searchable(one), searchable(other)]


@given(st.text())
def test_every_word_of_a_text_is_found_in_it(text: str) -> None:
    assert all(word in searchable(text) for word in words(text))
