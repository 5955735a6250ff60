"""Columns are recognized by their headings, and called what the settings say."""

from __future__ import annotations

import pytest

from rollcall.sources.csv import columns
from rollcall.sources.errors import SettingsError


def test_headings_are_recognized_in_english_and_german_however_they_are_written() -> None:
    english = columns.guess(["Employee ID", "first_name", "LAST NAME", "E-mail", "Cost Center"])
    german = columns.guess(["Personalnummer", "Vorname", "Nachname", "E-Mail", "Kostenstelle"])
    wanted = {"id", "first_name", "last_name", "email", "cost_centers"}
    assert set(english.headings) == set(german.headings) == wanted
    assert columns.guess(["Führungskraft", "Büro"]).headings == {
        "supervisor": "Führungskraft",
        "office": "Büro",
    }


@pytest.mark.parametrize(
    "heading", ["Work e-mail", "E-Mail-Adresse", "Email address", "E-mail address", "Email-Adresse"]
)
def test_an_address_is_recognized_though_it_has_two_s(heading: str) -> None:
    assert columns.guess([heading]).headings == {"email": heading}


@pytest.mark.parametrize(
    ("attribute", "name"),
    [(attribute, name) for attribute, names in columns.HEADINGS.items() for name in names],
)
def test_every_heading_that_is_listed_is_recognized(attribute: str, name: str) -> None:
    assert columns.guess([name.title()]).headings == {attribute: name.title()}


def test_of_two_columns_alike_the_first_counts() -> None:
    assert columns.guess(["email", "E-Mail"]).places(["email", "E-Mail"]) == {"email": 0}


def test_what_is_written_in_settings_comes_back() -> None:
    chosen = columns.parse("email=Adresse; first_name=Rufname")
    assert columns.parse(columns.text_of(chosen)) == chosen
    assert chosen.places(["Rufname", "Adresse"]) == {"email": 1, "first_name": 0}


def test_a_column_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(SettingsError, match=r"no column `Adresse`.*Mail, Name"):
        columns.parse("email=Adresse").places(["Mail", "Name"])


@pytest.mark.parametrize("text", ["email", "email=", "shoe size=Schuhgröße"])
def test_what_is_no_column_is_refused(text: str) -> None:
    with pytest.raises(SettingsError, match="ROLLCALL_CSV_COLUMNS"):
        columns.parse(text)
