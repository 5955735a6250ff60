"""`rollcall sandbox --csv FILE`: the invented company as a file that HR exported."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from rollcall.sandbox.command import sandbox
from rollcall.sandbox.company import Company, peculiar_people
from rollcall.sandbox.csv_export import REMARK
from rollcall.sandbox.edge_cases import Peculiarity

PEOPLE = 60


@pytest.fixture
def app() -> typer.Typer:
    """The command alone."""
    alone = typer.Typer()
    alone.command()(sandbox)
    return alone


def rows_of(path: Path) -> list[dict[str, str]]:
    """The rows of the file, by their headings."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


@pytest.mark.parametrize("day", [1, 2])
def test_everybody_has_a_row(app: typer.Typer, tmp_path: Path, day: int) -> None:
    path = tmp_path / "people.csv"
    words = ["--csv", str(path), "--people", str(PEOPLE), "--day", str(day)]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    company = Company(PEOPLE, day=day)
    assert [row["Personalnummer"] for row in rows_of(path)] == [
        str(person.id) for person in company
    ]


def test_peculiar_people_are_peculiar_in_the_file_too(app: typer.Typer, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    CliRunner().invoke(app, ["--csv", str(path), "--people", str(PEOPLE)])
    rows = {row["Personalnummer"]: row for row in rows_of(path)}
    kinds = {str(number): kind for number, kind in peculiar_people(Company(PEOPLE))}
    assert {number for number, row in rows.items() if row["Bemerkung"] == REMARK} == set(kinds)
    without = {number for number, kind in kinds.items() if kind is Peculiarity.NO_EMAIL}
    assert {number for number, row in rows.items() if not row["E-Mail"]} == without


def test_several_cost_centers_have_their_shares(app: typer.Typer, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    CliRunner().invoke(app, ["--csv", str(path), "--people", str(PEOPLE)])
    assert any(" %) | " in row["Kostenstelle"] for row in rows_of(path))


def test_a_place_that_cannot_be_written_is_named(app: typer.Typer, tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["--csv", str(tmp_path / "nowhere" / "people.csv")])
    assert done.exit_code == 2
    assert "cannot write" in done.output
