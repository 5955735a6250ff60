"""An employee told of twice becomes what the record modified last says, whatever the source is."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from rollcall.directory.models import User
from rollcall.imports import fetching
from rollcall.imports.models import Run, StagedEmployee
from rollcall.sources import base
from rollcall.sources.csv import reading as csv_reading
from rollcall.sources.csv.account import CsvAccount
from rollcall.sources.personio.account import ApiVersion
from tests.imports.test_killed_import import Place
from tests.imports.world import accounted, imported
from tests.postgresql import Cluster
from tests.sources.personio.recorded import (
    ATTRIBUTES,
    CLIENT_ID,
    CLIENT_SECRET,
    Answer,
    Asked,
    Recorded,
    person,
    serving,
)
from tests.sources.personio.v2.recorded import RecordedV2, person_v2
from tests.terminal import Terminal
from tests.waiting import PATIENCE, wait_until

EARLIER = "2026-11-01T08:00:00Z"
LATER = "2026-11-01T08:00:01Z"
Record = tuple[int, str, str]
"""An employee's number, last name, and the moment of the last change."""

BRANDT, WEISS = (7, "Brandt", EARLIER), (7, "Weiß", LATER)


def crowd(size: int, first: Record, second: Record) -> list[Record]:
    """Two records of one employee with `size` others between them."""
    return [first, *((number, "Öst", EARLIER) for number in range(1000, 1000 + size)), second]


def v1(records: list[Record]) -> Recorded:
    """The account of version 1 that holds these."""
    people = [
        person(number, last_name=name, last_modified_at=moment) for number, name, moment in records
    ]
    return Recorded(people, readable=(*ATTRIBUTES, "hire_date", "last_modified_at"))


def v2(records: list[Record]) -> RecordedV2:
    """The account of version 2 that holds these."""
    people = [
        person_v2(number, last_name=name, updated_at=moment) for number, name, moment in records
    ]
    return RecordedV2(people)


@contextmanager
def recorded_account(recorded: Recorded, version: ApiVersion) -> Iterator[base.Account]:
    """The account, listening."""
    with serving(recorded):
        yield recorded.account(api_version=version)


@contextmanager
def file_account(records: list[Record], folder: Path) -> Iterator[base.Account]:
    """A file with these rows."""
    rows = [
        f"{number},Jördis,{name},person{number}@nordlicht-werke.example,{moment}"
        for number, name, moment in records
    ]
    heading = "id,first name,last name,email,last modified"
    path = folder / "people.csv"
    path.write_text("\n".join([heading, *rows, ""]), encoding="utf-8")
    yield CsvAccount("people", str(path))


Opened = Callable[[list[Record]], Any]


@pytest.fixture(params=["csv", "v1", "v2"])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Opened:
    """Makes an account of each kind out of records."""
    kinds: dict[str, Opened] = {
        "csv": lambda records: file_account(records, tmp_path),
        "v1": lambda records: recorded_account(v1(records), ApiVersion.V1),
        "v2": lambda records: recorded_account(v2(records), ApiVersion.V2),
    }
    return kinds[request.param]


def name_of(number: int) -> str:
    """The last name that the import gave this employee."""
    return User.objects.get(identities__external_id=str(number)).lastname


def repeated(run: Run) -> list[str]:
    """The employees whom the run's warnings name for having several records."""
    return [
        warning["params"].get("employees") or warning["params"]["employee"]
        for warning in run.warnings
        if warning["code"] in ("repeated_employees", "csv_row_repeated")
    ]


@pytest.mark.parametrize("order", [(BRANDT, WEISS), (WEISS, BRANDT)], ids=["newer last", "first"])
@pytest.mark.parametrize(
    ("between", "at_once"), [(3, 1000), (120, 1000), (120, 1)], ids=["page", "pages", "batches"]
)
@pytest.mark.usefixtures("carrying_out")
def test_the_record_modified_last_counts(
    opened: Opened,
    order: tuple[Record, Record],
    between: int,
    at_once: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fetching, "STAGED_AT_ONCE", at_once)
    monkeypatch.setattr(csv_reading, "ROWS_A_PAGE", 50)
    with opened(crowd(between, *order)) as account:
        run = imported(account)
    accounted(run)
    assert (run.fetched, run.counts) == (between + 1, {"created": between + 1})
    assert name_of(7) == "Weiß"
    assert repeated(run) == ["7"]


@pytest.mark.parametrize("order", [(BRANDT, WEISS), (WEISS, BRANDT)])
@pytest.mark.usefixtures("carrying_out")
def test_where_no_moment_may_be_read_the_first_of_the_list_counts(
    order: tuple[Record, Record], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "STAGED_AT_ONCE", 1)
    recorded = v1(crowd(250, *order))
    recorded.readable = (*ATTRIBUTES, "hire_date")
    with recorded_account(recorded, ApiVersion.V1) as account:
        run = imported(account)
    assert name_of(7) == order[0][1]
    assert repeated(run) == ["7"]


@pytest.mark.usefixtures("carrying_out")
def test_a_moment_that_may_not_be_read_is_no_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    recorded = v1(crowd(3, BRANDT, (8, "Weiß", LATER)))
    recorded.readable = (*ATTRIBUTES, "hire_date")
    with recorded_account(recorded, ApiVersion.V1) as account:
        run = imported(account)
    assert (run.warnings, run.complete) == ([], True)


@pytest.mark.usefixtures("carrying_out")
def test_what_is_kept_of_an_employee_does_not_change_with_the_moment(opened: Opened) -> None:
    with opened([BRANDT]) as account:
        imported(account)
    with opened([(7, "Brandt", LATER)]) as account:
        imported(account)
    first, second = StagedEmployee.objects.values_list("record", flat=True)
    assert first == second


def staged(place: Place) -> int:
    """How many employees were written down in this installation."""
    ((count,),) = place.rows("SELECT count(*) FROM imports_stagedemployee")
    return int(count)


@pytest.mark.parametrize("version", [ApiVersion.V1, ApiVersion.V2])
@pytest.mark.parametrize("engine", ["sqlite", pytest.param("pg", marks=pytest.mark.postgres)])
@pytest.mark.slow
def test_a_kill_between_two_pages_keeps_the_verdict(
    engine: str,
    version: ApiVersion,
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> None:
    url = ""
    if engine == "pg":
        cluster_url = request.getfixturevalue("postgres_url")
        url = Cluster.create_database(cluster_url, f"two_records_{version}")
    # more than are written down at once, however fast they are read
    records = crowd(2596, BRANDT, WEISS)
    records = [(8, "Weiß", LATER), *records, (8, "Brandt", EARLIER)]
    recorded = v1(records) if version is ApiVersion.V1 else v2(records)
    reached, killed = threading.Event(), threading.Event()

    def held_up(number: int, asked: Asked) -> Answer | None:
        place = dict(asked.query).get("offset") or dict(asked.query).get("cursor") or "0"
        if int(place) < 2500 or killed.is_set():
            return None
        reached.set()
        killed.wait(PATIENCE)
        return Answer(drop=True)

    recorded.meddle = held_up
    with serving(recorded):
        settings = {
            "PERSONIO_URL": recorded.url,
            "PERSONIO_CLIENT_ID": CLIENT_ID,
            "PERSONIO_CLIENT_SECRET": CLIENT_SECRET,
            "PERSONIO_API_VERSION": version.value,
            **({"ROLLCALL_DATABASE_URL": url} if url else {}),
        }
        place = Place(Terminal(tmp_path, settings), url)
        process = place.terminal.start("import")
        assert reached.wait(120)
        wait_until(lambda: staged(place) > 0)
        process.kill()
        process.communicate()
        assert 0 < staged(place) < 2598
        killed.set()
        done = place.terminal.run("import")
    assert done.returncode == 0, done.stderr
    names = place.rows("SELECT lastname FROM directory_user WHERE lastname <> 'Öst'")
    assert names == [("Weiß",), ("Weiß",)]
    fetched = place.rows("SELECT state, fetched FROM imports_run ORDER BY number")
    assert set(fetched) == {("completed", 2598)}
