"""The database of every released version is taken over by this one, and nothing of it is lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.postgresql import Cluster
from tests.terminal import Terminal, sandbox
from tests.trials.place import QUICK, Place
from tests.upgrades.keep import COUNTS, PEOPLE, keep
from tests.upgrades.kept import FOLDER, Kept, digests, kept
from tests.vendor_contracts import missing

NONE_YET = "no version has been released yet, so that no database is kept in tests/upgrades"
TODAY = "as made today"
EMPLOYEES = "40"
IDENTITIES = "SELECT source, external_id, user_id FROM directory_externalidentity"


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """A server for the databases."""
    cluster = Cluster.start_if_possible()
    if cluster is None:
        missing("PostgreSQL's server programs are not on this machine")
        raise AssertionError
    yield cluster
    cluster.stop()


@pytest.fixture(scope="module")
def of_today(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """What `scripts/keep-database` would keep now."""
    folder = tmp_path_factory.mktemp("upgrades") / "today"
    keep(folder, cluster)
    return Kept(folder)


@pytest.fixture(params=[TODAY, *map(str, kept())])
def old(request: pytest.FixtureRequest) -> Kept:
    """A kept database, and the one that would be kept today."""
    if request.param != TODAY:
        return Kept(FOLDER / request.param)
    made: Kept = request.getfixturevalue("of_today")
    return made


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, old: Kept, tmp_path: Path) -> Place:
    """An installation as that version left it, which no newer one has touched."""
    url = ""
    if request.param == "postgresql":
        server: Cluster = request.getfixturevalue("cluster")
        url = Cluster.create_database(server.url("postgres"), tmp_path.name)
    old.put_into(tmp_path, url)
    return Place(Terminal(tmp_path, {**QUICK, "ROLLCALL_DATABASE_URL": url}), url)


def count(place: Place, name: str) -> int:
    """How many there are of what `COUNTS` names."""
    return int(place.rows(COUNTS[name])[0][0])


def identities(place: Place) -> set[tuple[Any, ...]]:
    """Which user each employee is, over all sources."""
    return set(place.rows(IDENTITIES))


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.xdist_group("upgrades")
def test_an_installation_goes_on_where_the_older_version_left_it(old: Kept, place: Place) -> None:
    engine = "postgresql" if place.url else "sqlite"
    then, terminal, before = old.manifest[engine], place.terminal, identities(place)

    # everybody is there, and whatever else there was
    emails = sorted(user["email"] for user in terminal.users())
    assert emails == [person[0] for person in then["people"]]
    assert sorted(list(row) for row in place.rows(PEOPLE)) == then["people"]
    listing = 1  # reading people out is an event of its own
    found = {name: count(place, name) for name in COUNTS}
    assert found == {**then["counts"], "events": then["counts"]["events"] + listing}

    # the audit log holds, what was sealed can be opened, and both go on
    assert terminal.run("audit", "seal").returncode == 0
    assert terminal.json("audit", "verify", status=[0])["unsealed"] == 0
    rotated = terminal.run("secrets", "rotate")
    assert rotated.returncode == 0, rotated.stderr
    terminal.json("audit", "verify", status=[0])

    # the import that was at work goes on, another one finds everybody, the plan is carried out
    with sandbox("--people", EMPLOYEES) as settings:
        again = terminal.with_settings(**settings).run("import")
    assert again.returncode in (0, 1), again.stderr
    assert "Going on with run 4" in again.stderr
    assert identities(place) == before
    assert len(terminal.users()) == len(emails)
    planned = terminal.run("import", "--run", "3")
    assert planned.returncode == 0, planned.stderr
    assert {user["email"] for user in terminal.users()} == {*emails, "mary@example.org"}


@pytest.mark.parametrize("version", [str(version) for version in kept()] or [""])
def test_migrations_that_a_released_version_has_are_neither_changed_nor_removed(
    version: str,
) -> None:
    if not version:
        pytest.skip(NONE_YET)
    recorded = Kept(FOLDER / version).manifest["migrations"]
    here = digests()
    gone = sorted(recorded.keys() - here.keys())
    changed = sorted(name for name in recorded if here.get(name, "") != recorded[name])
    advice = "make a further migration instead (CONTRIBUTING.md, Change what is stored)"
    assert not gone, f"{gone}: removed since {version}; {advice}"
    assert not changed, f"{changed}: changed since {version}; {advice}"
