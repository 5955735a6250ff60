"""A backup of a running installation, put back elsewhere, is an installation that goes on."""

from __future__ import annotations

import io
import json
import shutil
import tarfile
from pathlib import Path

import pytest

from tests.postgresql import Cluster
from tests.terminal import Terminal
from tests.trials.place import PEOPLE, Place, started, until

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("trials: backup")]

KEYS = ("secret.key", "sealing.key")


def elsewhere(place: Place, cluster: Cluster, folder: Path) -> Place:
    """An empty place on the same engine, with the keys of the first one."""
    folder.mkdir()
    for key in KEYS:
        shutil.copy(place.terminal.folder / key, folder)
    if not place.url:
        return Place(Terminal(folder, place.terminal.settings))
    name = f"{folder.parent.name}_{folder.name}"
    url = Cluster.create_database(cluster.url("postgres"), name)
    settings = {**place.terminal.settings, "ROLLCALL_DATABASE_URL": url}
    return Place(Terminal(folder, settings), url)


def people(place: Place) -> list[str]:
    """Who is in the directory, by e-mail."""
    return sorted(user["email"] for user in place.terminal.users())


def test_a_backup_made_during_an_import_goes_on_where_it_is_put_back(
    place: Place, cluster: Cluster, tmp_path: Path
) -> None:
    file = tmp_path / "all.backup"
    with started(place, "import") as command:
        place.reaches("fetching", "planning", "applying", "linking")
        saved = place.terminal.run("backup", str(file))
        assert saved.returncode == 0, saved.stderr
        status, said = command.ends()
        assert status == 0, said
    assert file.stat().st_mode & 0o077 == 0
    there = elsewhere(place, cluster, tmp_path / "there")
    restored = there.terminal.run("restore", str(file))
    assert restored.returncode == 0, restored.stderr
    assert there.rows("SELECT count(*) FROM jobs_worker") == [(0,)]
    went_on = there.terminal.run("import")
    assert went_on.returncode == 0, went_on.stderr
    assert "Going on with run 1" in went_on.stderr
    there.accounts_for(PEOPLE)
    assert people(there) == people(place)
    # what was put back is a whole installation: it makes new rows, and seals the log on
    assert there.terminal.run("admin", "create", "grace@example.org").returncode == 0
    assert there.terminal.run("audit", "verify").returncode == 0


def test_what_must_not_be_put_back_is_refused_with_what_to_do(
    place: Place, cluster: Cluster, tmp_path: Path
) -> None:
    terminal, file = place.terminal, tmp_path / "all.backup"
    assert terminal.run("import").returncode == 0
    assert terminal.run("backup", str(file)).returncode == 0
    again = terminal.run("backup", str(file))
    assert (again.returncode, "name another file" in again.stderr) == (2, True)

    held = terminal.run("restore", str(file))
    assert (held.returncode, "--replace" in held.stderr) == (2, True)

    with started(place, "worker"):
        until(lambda: place.rows("SELECT count(*) FROM jobs_worker"), lambda seen: seen == [(1,)])
        running = terminal.run("restore", "--replace", str(file))
        assert (running.returncode, "is running" in running.stderr) == (2, True), running.stderr

    damaged = tmp_path / "damaged.backup"
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 0xFF
    damaged.write_bytes(content)
    refused = terminal.run("restore", "--replace", str(damaged))
    assert (refused.returncode, "damaged" in refused.stderr) == (2, True), refused.stderr

    newer = made_by_a_newer_version(file, tmp_path / "newer.backup")
    refused = terminal.run("restore", "--replace", str(newer))
    assert (refused.returncode, "newer" in refused.stderr) == (2, True), refused.stderr

    before = people(place)
    assert terminal.run("restore", "--replace", str(file)).returncode == 0
    assert people(place) == before

    without_keys = elsewhere(place, cluster, tmp_path / "there")
    (without_keys.terminal.folder / "sealing.key").unlink()
    done = without_keys.terminal.run("restore", str(file))
    assert (done.returncode, "sealing.key" in done.stderr) == (1, True), done.stderr


def made_by_a_newer_version(file: Path, newer: Path) -> Path:
    """The same backup with a migration that this version does not have."""
    with tarfile.open(file) as old, tarfile.open(newer, "w:gz") as new:
        for member in old.getmembers():
            content = old.extractfile(member)
            assert content is not None
            data = content.read()
            if member.name == "backup.json":
                header = json.loads(data)
                header["migrations"].append(["directory", "9999_from_the_future"])
                data = json.dumps(header).encode()
                member.size = len(data)
            new.addfile(member, io.BytesIO(data))
    return newer


def test_after_a_normal_end_the_file_holds_everything(on_sqlite: Place) -> None:
    terminal = on_sqlite.terminal
    assert terminal.run("import").returncode == 0
    file = terminal.folder / "rollcall.db"
    wal = file.with_name("rollcall.db-wal")
    assert not wal.exists() or wal.stat().st_size == 0
    copy = terminal.folder / "elsewhere"
    copy.mkdir()
    shutil.copy(file, copy)
    alone = Place(Terminal(copy))
    alone.accounts_for(PEOPLE)
