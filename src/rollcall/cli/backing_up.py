"""`rollcall backup` and `rollcall restore`: the whole installation as one file, and back."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rollcall.cli.console import output
from rollcall.cli.exits import Exit, in_one_line, stop
from rollcall.cli.setup import migrate, ready, set_up_django
from rollcall.core.text import counted

if TYPE_CHECKING:
    from rollcall.database.archive import Header

FileArgument = Annotated[Path, typer.Argument(help="The file of the backup.", show_default=False)]

KEYS = "secret.key and sealing.key"


@ready
def backup(file: FileArgument) -> None:
    """Write everything that is stored into one file, while Rollcall runs.

    The keys are not in it (secret.key and sealing.key in the data folder): whoever has only the
    file cannot open the secrets in it. Keep a copy of the keys in another place.

    Exit status: 0 done · 2 the file is there already, or cannot be written · 4 the database
    refused.
    """
    from rollcall.audit.actions import Action
    from rollcall.audit.recording import Target, record
    from rollcall.cli.operator import operator
    from rollcall.database import archive, copying
    from rollcall.project.settings import DATA_DIR

    if file.exists():
        raise stop(Exit.USAGE, f"{file} is there already: name another file, or move it away")
    # Before anything is copied: the backup tells of itself, and no copy goes unnoted.
    record(operator(), Action.DATA_BACKUP, Target("installation", name=file.name))
    try:
        # Beside the file: where it is to be, there is room for as much.
        with tempfile.TemporaryDirectory(prefix=f".{file.name}.", dir=file.parent) as folder:
            columns = copying.save(Path(folder))
            archive.write(file, Path(folder), _header(columns))
    except OSError as error:
        raise stop(Exit.USAGE, f"{file} cannot be written: {error.strerror}") from None
    size = file.stat().st_size
    output().print(f"{file} holds everything ({size:,} bytes) but the keys.", highlight=False)
    output().print(f"Keep a copy of {KEYS} from {DATA_DIR} elsewhere.", soft_wrap=True)


def _header(columns: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """What `restore` has to know of the copy; `columns` are those of each table that is in it."""
    from django.utils import timezone

    import rollcall
    from rollcall.core import key_ring
    from rollcall.project import migrating

    return {
        "version": rollcall.__version__,
        "engine": _engine(),
        "made_at": timezone.now().isoformat(timespec="seconds"),
        "migrations": sorted(migrating.applied()),
        "keys": key_ring.fingerprints(),
        "columns": columns,
    }


def restore(
    file: FileArgument,
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace what this installation holds now.")
    ] = False,
) -> None:
    """Put the content of a backup in the place of what this installation holds.

    Nothing of Rollcall may run meanwhile. Everybody is signed out. An import that was at work when
    the backup was made goes on from where it stood then: by a worker, or with the next import.

    Exit status: 0 done · 1 done, and the keys of this data folder do not open its secrets · 2 the
    file is damaged or made by a newer version, or Rollcall is running · 4 the database refused.
    """
    with in_one_line():
        set_up_django()
        _restore(file, replace)


def _restore(file: Path, replace: bool) -> None:
    from rollcall.core import key_ring
    from rollcall.database import archive, copying

    _see_that_it_is_there(file)
    _see_that_it_may_be_replaced(replace)
    with tempfile.TemporaryDirectory(prefix="rollcall-restore-") as folder:
        try:
            header = archive.unpack(file, Path(folder))
        except archive.Damaged as problem:
            raise stop(
                Exit.USAGE, f"{file} is no backup, or is damaged: {problem}. Use another one."
            ) from None
        _see_that_it_fits(header)
        try:
            _put_back(header, Path(folder))
        except copying.InUse:
            raise _running("another process has the database open") from None
        except sqlite3.DatabaseError:
            raise stop(Exit.USAGE, f"{file} is damaged: use another one") from None
    # A backup may be older than this version; what was made since then is added to its tables.
    migrate()
    _note_restored(file, header)
    output().print(f"What {file} holds of {header.made_at} is in place.", highlight=False)
    # Told last, and the data is in place: the keys can still be put beside it.
    if header.keys and header.keys[0] not in key_ring.fingerprints():
        raise stop(
            Exit.ATTENTION,
            "the secrets in it were sealed with a key that is not in the data folder: put the "
            f"{KEYS} of then there, or credentials and second factors have to be entered again",
        )


def _see_that_it_is_there(file: Path) -> None:
    """Stop where there is no such file, before a word is said of what it would replace."""
    try:
        with file.open("rb"):
            return
    except FileNotFoundError:
        raise stop(Exit.USAGE, f"there is no file {file}") from None
    except OSError as error:
        raise stop(Exit.USAGE, f"{file} cannot be read: {error.strerror}") from None


def _note_restored(file: Path, header: Header) -> None:
    from django.db import transaction

    from rollcall.audit import known_end
    from rollcall.audit.actions import Action
    from rollcall.audit.recording import Target, record
    from rollcall.cli.operator import operator

    # The log ends where it did then: this machine knows a later end, and would call that a hole.
    seen = known_end.forget()
    with transaction.atomic():
        details = {"made_at": header.made_at, "seal_before": seen.text() if seen else ""}
        target = Target("installation", name=file.name)
        record(operator(), Action.DATA_RESTORE, target, details=details)


def _see_that_it_may_be_replaced(replace: bool) -> None:
    """Stop where something of Rollcall runs, or something would be lost that nobody spoke of."""
    from django.db import DatabaseError

    from rollcall.database import copying
    from rollcall.directory.models import User
    from rollcall.jobs.worker_registry import living

    try:
        if copying.empty():
            return
        running, users = living(), User.objects.count()
    except DatabaseError:
        return  # what is there is of another version, or damaged: the reason to restore
    if running:
        raise _running(", ".join(f"process {worker.pid} on {worker.host}" for worker in running))
    if users and not replace:
        raise stop(
            Exit.USAGE,
            f"this installation holds {counted(users, 'user')}: say --replace to lose what it "
            "holds, or set ROLLCALL_DATA_DIR or ROLLCALL_DATABASE_URL to an empty place",
        )


def _running(what: str) -> typer.Exit:
    line = f"Rollcall is running ({what}): stop serve, worker and imports first, and ask again"
    return stop(Exit.USAGE, line)


def _see_that_it_fits(header: Header) -> None:
    from rollcall.project import migrating

    if header.engine != _engine():
        raise stop(
            Exit.USAGE,
            f"the backup was made on {header.engine}, and ROLLCALL_DATABASE_URL names "
            f"{_engine()}: restore it on {header.engine}",
        )
    if not set(header.migrations) <= set(migrating.on_disk()):
        raise stop(
            Exit.USAGE,
            f"the backup was made by version {header.version}, which is newer: install that "
            "version, and restore with it",
        )


def _put_back(header: Header, folder: Path) -> None:
    from django.db import connection

    from rollcall.database import copying
    from rollcall.project import migrating

    if header.engine == "sqlite":
        copying.put_back_file(folder, Path(str(connection.settings_dict["NAME"])))
    else:
        made = header.migrations
        copying.put_back_tables(folder, header.columns, lambda: migrating.migrate_to(made))


def _engine() -> str:
    from django.db import connection

    return connection.vendor
