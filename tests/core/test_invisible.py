"""Characters that nobody sees are refused by name; those that shape a script are taken."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollcall.core.invisible import first_in
from rollcall.core.text import clean


@pytest.mark.parametrize(
    ("text", "name", "place"),
    [
        ("Ku\u200brt", "U+200B ZERO WIDTH SPACE", 3),
        ("Ku\u00adrt", "U+00AD SOFT HYPHEN", 3),
        ("\u202eKurt", "U+202E RIGHT-TO-LEFT OVERRIDE", 1),
        ("Kurt\ufeff", "U+FEFF ZERO WIDTH NO-BREAK SPACE", 5),
        ("Ku\x07rt", "U+0007 BELL", 3),
        ("Ku\x1b[2Jrt", "U+001B ESCAPE", 3),
        ("Ku\x9brt", "U+009B CONTROL CHARACTER", 3),
        ("Ku\ud800rt", "U+D800 SURROGATE", 3),
        ("K\u200curt", "U+200C ZERO WIDTH NON-JOINER", 2),
        ("K\u200durt", "U+200D ZERO WIDTH JOINER", 2),
        ("Kurt\ufe0f", "U+FE0F VARIATION SELECTOR-16", 5),
        ("Kurt\u3164", "U+3164 HANGUL FILLER", 5),
        ("Kurt\U000e0041", "U+E0041 TAG LATIN CAPITAL LETTER A", 5),
    ],
)
def test_what_nobody_sees_is_named_with_its_place(text: str, name: str, place: int) -> None:
    hidden = first_in(text)
    assert hidden is not None
    assert (hidden.name, hidden.place) == (name, place)


@pytest.mark.parametrize(
    "text",
    [
        "نیک\u200cنام",  # Persian: without the non-joiner it is another word
        "क्\u200dष",  # Hindi
        "葛\U000e0100城",  # a Japanese name in one of two forms
        "Team 👩\u200d💻",
        "Team ❤\ufe0f",
        "Özgür Çelik",
        "王 芳",
    ],
)
def test_a_name_is_taken_as_its_script_writes_it(text: str) -> None:
    assert first_in(text) is None


@pytest.mark.parametrize("text", ["نیک\u200cنام", "葛\U000e0100", "❤\ufe0f"])
def test_an_address_has_none_of_them(text: str) -> None:
    assert first_in(text, written=False) is not None


@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Cf", "Cn", "Zl", "Zp", "Mn", "Lo"])))
def test_letters_digits_and_signs_are_seen(text: str) -> None:
    hidden = first_in(clean(text))
    assert hidden is None or "BRAILLE PATTERN BLANK" in hidden.name
