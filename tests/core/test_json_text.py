"""JSON from outside is read as it is, and no further than it may go."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollcall.core.json_text import DEEPEST, MOST_VALUES, TooMuch, loads

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(), inner, max_size=5),
    max_leaves=30,
)


@given(VALUES)
def test_what_is_within_the_bounds_is_read_as_it_was_written(value: object) -> None:
    assert loads(json.dumps(value).encode()) == value


@pytest.mark.parametrize("levels", [DEEPEST + 1, 900, 100_000])
@pytest.mark.parametrize(("start", "end"), [(b"[", b"]"), (b'{"a":', b"}")])
def test_what_is_nested_too_deep_is_refused(levels: int, start: bytes, end: bytes) -> None:
    with pytest.raises(TooMuch):
        loads(start * levels + b"1" + end * levels)


def test_the_deepest_is_read() -> None:
    loads(b"[" * DEEPEST + b"]" * DEEPEST)


@pytest.mark.parametrize("value", [b"0", b"{}", b"[]", b'""', b'{"":0}'])
def test_more_values_than_anybody_asks_for_are_refused_before_they_are_made(value: bytes) -> None:
    with pytest.raises(TooMuch):
        loads(b"[" + b",".join([value] * (MOST_VALUES + 1)) + b"]")


@pytest.mark.parametrize(
    "text", [b"1" * 100_000, b"-" + b"9" * 5_000, b'{"id":' + b"7" * 4_301 + b"}"]
)
def test_a_number_without_measure_is_no_number(text: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        loads(text)


@pytest.mark.parametrize("text", [b"", b"{", b"\xff\xfe\xfa", b"nothing", b'{"a":1}x'])
def test_what_is_no_json_is_told_apart_from_too_much(text: bytes) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        loads(text)
    assert not isinstance(caught.value, TooMuch)
