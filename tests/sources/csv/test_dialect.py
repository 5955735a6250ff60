"""Separators are recognized, and rows know the line that they begin in."""

from __future__ import annotations

import pytest

from rollcall.sources.csv import dialect
from rollcall.sources.errors import SourceMisbehaved


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_a_separator_is_recognized(separator: str) -> None:
    rows = [["id", "name", "e-mail"], ["1", "Ada", "ada@example.com"], ["2", "Bo", ""]]
    text = "\n".join(separator.join(row) for row in rows)
    assert dialect.detect_separator(text) == separator


def test_commas_in_values_do_not_make_a_file_of_semicolons_one_of_commas() -> None:
    text = 'name;cost\n"Lovelace, Ada";1,5\n"Bo, Bo";2,5\n"Cy, Cy";3,0\n'
    assert dialect.detect_separator(text) == ";"


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_excels_line_that_names_the_separator_is_no_heading(separator: str) -> None:
    text = f"sep={separator}\r\n" + separator.join(["id", "e-mail"]) + "\r\n"
    text += separator.join(["1", "ada@example.com"]) + "\r\n"
    assert dialect.detect_separator(text) == separator
    assert [(row.number, row.values[0]) for row in dialect.rows(text, separator)] == [
        (2, "id"),
        (3, "1"),
    ]


def test_a_file_of_one_column_has_a_comma() -> None:
    assert dialect.detect_separator("email\nada@example.com\n") == ","


def test_rows_know_their_line_though_a_value_has_several_and_lines_are_empty() -> None:
    text = 'id,note\r\n1,"two\r\nlines"\r\n\r\n2,one\r\n'
    assert [(row.number, row.values[0]) for row in dialect.rows(text, ",")] == [
        (1, "id"),
        (2, "1"),
        (5, "2"),
    ]


def test_a_quotation_mark_that_is_never_closed_is_named_by_its_row() -> None:
    text = 'id,note\n1,fine\n2,"never closed\n' + "x,y\n" * dialect.LONGEST_VALUE
    with pytest.raises(SourceMisbehaved, match="Row 3"):
        list(dialect.rows(text, ","))


@pytest.mark.parametrize("end", ["", "\n", "\r\n", "\n\n"])
def test_a_quotation_that_runs_to_the_end_of_a_short_file_is_refused_by_its_row(end: str) -> None:
    text = f'id,note\n1,fine\n2,"never closed\n3,swallowed\n4,swallowed{end}'
    with pytest.raises(SourceMisbehaved, match="row 3"):
        list(dialect.rows(text, ","))


@pytest.mark.parametrize("last", ['"closed"', 'a "word" within', '"two ""words"""', '"a\nb"', ""])
def test_a_quotation_that_is_closed_at_the_end_is_read(last: str) -> None:
    for end in ("", "\n"):
        *_, row = dialect.rows(f"id,note\n1,{last}{end}", ",")
        assert row.values[0] == "1"


def test_a_separator_is_recognized_though_the_sample_ends_within_a_quotation() -> None:
    line = 'id;"' + "one, two\n" * 1500 + '"\n'
    assert dialect.detect_separator("id;note\n" + line * 12) == ";"


def test_a_row_without_end_is_refused() -> None:
    text = "id,note\n" + "," * (dialect.MOST_COLUMNS + 5)
    with pytest.raises(SourceMisbehaved, match="Row 2"):
        list(dialect.rows(text, ","))
