"""Whichever way a company is read, its directory is the same: every field of every user."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from rollcall.directory.models import User
from rollcall.imports.models import Connection, Run
from rollcall.sandbox import csv_export
from rollcall.sandbox.company import Company
from rollcall.sandbox.edge_cases import sets
from rollcall.sources.csv.account import CsvAccount
from rollcall.sources.personio.account import Account, ApiVersion
from rollcall.sources.registry import kind_of, known_keys
from tests.imports.conftest import carrying_out, nothing_stays_open
from tests.imports.world import accounted, imported, personio

__all__ = ["carrying_out", "nothing_stays_open"]

pytestmark = pytest.mark.usefixtures("carrying_out")

VERSIONS = (ApiVersion.V1, ApiVersion.V2)
OWN = ("id", "created", "updated", "manager", "provenance")
"""What differs between two users of the same person: the directory's own ids and times."""


def over(account: Account, version: ApiVersion) -> Account:
    """The account, read over this version and as fast as it goes."""
    return replace(account, api_version=version, v2_requests_per_minute=0)


def users() -> list[dict[str, Any]]:
    """Every user with every field that an import may write, managers by their own employee."""
    fields = [field.attname for field in User._meta.concrete_fields if field.name not in OWN]
    rows = User.objects.order_by("email")
    writers = [
        {field: _writer(writer[0]) for field, writer in provenance.items()}
        for provenance in rows.values_list("provenance", flat=True)
    ]
    told = rows.values(*fields, "manager__email")
    return [{**row, "writers": writer} for row, writer in zip(told, writers, strict=True)]


def _writer(account_key: str) -> str:
    """Who wrote a value: an import, whichever source it read, or somebody else."""
    kind = kind_of(account_key)
    return "import" if kind in known_keys() else kind


def summed_up(run: Run) -> tuple[Any, ...]:
    """What a run came to."""
    accounted(run)
    return run.state, run.complete, run.fetched, run.counts, run.warnings


def forgotten() -> None:
    """An empty directory, as before the first import."""
    User.objects.all().delete()
    Run.objects.all().delete()
    Connection.objects.all().delete()


def two_days(version: ApiVersion, people: int, *, peculiar: bool) -> list[Any]:
    """What the runs of two days over this version come to, and the directory after each."""
    seen: list[Any] = []
    with personio(people, peculiar=peculiar) as company:
        account = over(company.account, version)
        for day in (1, 2):
            company.becomes(Company(people, day=day, peculiar=peculiar))
            run = imported(account)
            seen += [summed_up(run), users()]
    forgotten()
    return seen


def two_days_of_files(folder: Path, people: int, *, peculiar: bool) -> list[Any]:
    """The same for the file that HR exports on each of the two days."""
    seen: list[Any] = []
    for day in (1, 2):
        path = folder / f"day {day}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv_export.write(Company(people, day=day, peculiar=peculiar), file)
        run = imported(CsvAccount("people", str(path)))
        seen += [summed_up(run), users()]
    forgotten()
    return seen


@pytest.mark.parametrize(
    ("people", "peculiar"),
    [(1, False), (2, False), (50, False), (51, True), (250, True)],
    ids=["nobody but the top", "two", "one page", "a page and one", "several pages"],
)
def test_v1_v2_and_a_file_bring_the_same_directory_on_both_days(
    people: int, peculiar: bool, tmp_path: Path
) -> None:
    first, second = (two_days(version, people, peculiar=peculiar) for version in VERSIONS)
    assert first == second
    assert first == two_days_of_files(tmp_path, people, peculiar=peculiar)
    assert len(first[1]) > 0
    assert not peculiar or sets(people) > 0


@pytest.mark.parametrize("first", VERSIONS)
def test_an_import_over_the_other_version_finds_everybody_and_changes_nothing(
    first: ApiVersion,
) -> None:
    (second,) = set(VERSIONS) - {first}
    with personio(120, peculiar=True) as company:
        imported(over(company.account, first))
        before = users()
        run = imported(over(company.account, second))
    assert users() == before
    assert run.counts["unchanged"] == len(before)
    assert not {"created", "updated", "suspended"} & set(run.counts)
