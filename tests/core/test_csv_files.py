"""No cell becomes a formula, whichever sign a spreadsheet splits the lines at."""

from __future__ import annotations

import csv
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollcall.core.csv_files import cell, lines

SIGNS = "=+-@\uff1d\uff0b\uff0d\uff20"
HOSTILE = st.text(alphabet=[*"=+-@,;\t\r\n\"' ax", "\uff1d", "\ufeff"], max_size=12)


def cells(text: str, separator: str) -> list[str]:
    """What a spreadsheet that splits at this sign makes of the file, quoted or not."""
    read = [one for row in csv.reader(text.splitlines(True), delimiter=separator) for one in row]
    plain = [one for line in text.splitlines() for one in line.split(separator)]
    return read + plain


@given(st.lists(st.lists(HOSTILE, min_size=1, max_size=4), min_size=1, max_size=3))
def test_nothing_becomes_a_formula(rows: list[list[str]]) -> None:
    text = lines(rows)
    for separator in ",;\t":
        for one in cells(text, separator):
            assert not one.lstrip(' \t\r\n\ufeff"').startswith(tuple(SIGNS)), (one, separator)


MARKED = re.compile("(^|[,;\t\r\n])(?=[\\s\x00-\x1f\ufeff\"']*[=+\\-@\uff1d\uff0b\uff0d\uff20])")
"""Each place where a mark has to stand, said in the plainest way, which takes the longest."""


@given(HOSTILE)
def test_a_mark_stands_at_each_place_where_a_formula_can_begin(text: str) -> None:
    plain = MARKED.sub(r"\1'", text)
    assert cell(text) == (f"'{plain}" if plain[:1] in (",", ";", "\t", "\r", "\n") else plain)


def test_a_long_value_of_nothing_but_line_breaks_takes_no_longer_than_another() -> None:
    """One look at each sign: with one at all the others for each, this would take an hour."""
    assert cell("\n" * 1_000_000 + "x") == "'" + "\n" * 1_000_000 + "x"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("=1+1", "'=1+1"),
        (" =1+1", "' =1+1"),
        ("x;=1+1", "x;'=1+1"),
        ("x\t@SUM(A1)", "x\t'@SUM(A1)"),
        (";x", "';x"),
        ("+49 30 1234", "'+49 30 1234"),
        ("Müller-Lüdenscheidt, Anna", "Müller-Lüdenscheidt, Anna"),
        ("a; b", "a; b"),
        (None, ""),
        (7, "7"),
    ],
)
def test_what_is_written(value: object, written: str) -> None:
    assert cell(value) == written
