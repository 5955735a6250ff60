"""`rollcall doctor`: looks at the installation and says what is missing and what to do."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from rich.markup import escape

from rollcall.cli.console import output, print_json
from rollcall.cli.exits import Exit
from rollcall.cli.importing import FileArgument, JsonOption, SourceOption, account_in
from rollcall.cli.operator import operator
from rollcall.cli.setup import ready
from rollcall.core.settings_file import FILE_NAME
from rollcall.core.text import counted

if TYPE_CHECKING:
    from rollcall.sources.base import Account, FileLook, Readable, SourceKind

JUMPCLOUD = "jumpcloud"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: fine (`status` 0), or wrong, with what to do about it."""

    what: str
    status: Exit
    line: str
    is_lacking: bool = False
    """Nothing is wrong, and something that most people want is not there."""

    @property
    def sign(self) -> str:
        """The sign in front of it."""
        if self.status != Exit.DONE:
            return "[red]✗[/]"
        return "[yellow]![/]" if self.is_lacking else "[green]✓[/]"


@ready
def doctor(file: FileArgument = "", source: SourceOption = "", as_json: JsonOption = False) -> None:
    """Check settings, database, source and directory, and say what to do where one fails.

    Exit status: 0 all fine · 2 a setting is missing or wrong · 3 the source refused or could not be
    reached · 4 the directory did.
    """
    findings = list(_look(source, file))
    if as_json:
        rows = [{"check": f.what, "ok": f.status == 0, "message": f.line} for f in findings]
        print_json(rows)
    else:
        console = output()
        for finding in findings:
            line = f"{finding.sign} {finding.what}: {escape(finding.line)}"
            console.print(line, soft_wrap=True)
    # The first and not the highest: what comes later may be wrong only because of it.
    worst = next((f.status for f in findings if f.status != Exit.DONE), Exit.DONE)
    _note(findings)
    if worst:
        raise typer.Exit(int(worst))


def _note(findings: Sequence[Finding]) -> None:
    """Write down that somebody looked, and what was refused; not where nothing can be written."""
    from django.db import DatabaseError

    from rollcall.audit.actions import Action
    from rollcall.audit.recording import Target, record

    failed = ", ".join(finding.what for finding in findings if finding.status != Exit.DONE)
    with suppress(DatabaseError):
        here = Target("installation")
        record(operator(), Action.INSTALLATION_CHECK, here, success=not failed, reason=failed)


def _look(source: str, file: str) -> Iterator[Finding]:
    from rollcall.mail import server as mail_server

    yield Finding("Settings", Exit.DONE, _settings())
    if misspelt := _unknown_settings():
        line = f"nothing reads {', '.join(misspelt)}: look how it is written in docs/settings.md"
        yield Finding("Names of settings", Exit.DONE, line, is_lacking=True)
    yield _found("Data folder and database", Exit.USAGE, _database)
    yield Finding("E-mails", Exit.DONE, mail_server.line(), is_lacking=not mail_server.is_set())
    yield from _look_at_clock()
    yield from _look_at_countries()
    yield from _look_at_stream()
    yield _found("Built-in directory", Exit.DIRECTORY, _directory)
    key = _found("JumpCloud settings", Exit.USAGE, _cloud_settings)
    if key.line:
        yield key
        if key.status == Exit.DONE:
            yield _found("JumpCloud", Exit.DIRECTORY, _cloud)
    yield from _look_at_source(source, file)


def _look_at_clock() -> Iterator[Finding]:
    """A clock that a worker doubts; nothing where it is believed, or where nobody can tell."""
    from django.db import DatabaseError

    from rollcall.jobs import clock

    try:
        leap = clock.doubt()
    except DatabaseError:  # told as the database's own finding
        return
    if leap:
        yield Finding(
            "Clock",
            Exit.USAGE,
            f"it leapt from {leap.before:%Y-%m-%d %H:%M} to {leap.after:%Y-%m-%d %H:%M} UTC. If it "
            "is wrong, set it right; if no worker ran meanwhile, nothing need be done. Nothing is "
            f"deleted by its age until {leap.doubted_until:%Y-%m-%d}",
        )


def _look_at_countries() -> Iterator[Finding]:
    """The file of countries that policies look at; nothing where none is set."""
    from rollcall.access.policies import countries

    found = countries.current()
    if found.problem is None:
        yield Finding("Countries", Exit.DONE, f"a file of {found.built}")
    elif found.problem is not countries.Problem.NONE_SET:
        why = {
            countries.Problem.MISSING: "is not there, or cannot be opened",
            countries.Problem.TOO_LARGE: "is too large",
            countries.Problem.MALFORMED: "is damaged, or no database of countries",
        }[found.problem]
        line = f"the file that ROLLCALL_COUNTRY_FILE names {why}; no policy knows a country"
        yield Finding("Countries", Exit.USAGE, line)


def _look_at_stream() -> Iterator[Finding]:
    """Where events are handed on to, and whether they are taken; nothing where they are not."""
    from django.db import DatabaseError

    from rollcall.audit.streaming import standing

    try:
        now = standing.read()
    except DatabaseError:  # told as the database's own finding
        return
    if now is None:
        return
    waiting = f"{counted(now.waiting, 'event')} to be handed on"
    last = f"the last one taken {now.taken_at:%Y-%m-%d %H:%M} UTC" if now.taken_at else "none yet"
    line = f"{now.where}: {waiting}, {last}"
    if now.error:
        line += f"; not taken ({now.error})"
        line += f", tried again {now.due_at:%Y-%m-%d %H:%M} UTC" if now.due_at else ""
    yield Finding("Streaming export", Exit.DONE, line, is_lacking=bool(now.error))


def _look_at_source(key: str, file: str) -> Iterator[Finding]:
    from rollcall.project.settings import CONFIGURATION
    from rollcall.sources import registry

    kind = registry.get(key or registry.DEFAULT)
    values = CONFIGURATION.values
    settings = _found(
        f"{kind.label} settings", Exit.USAGE, lambda: account_in(kind, values, file).address
    )
    yield settings
    if settings.status == Exit.DONE:
        account = account_in(kind, values, file)
        yield _found(kind.label, Exit.SOURCE, lambda: _look_into(kind, account))


def _found(what: str, status: Exit, look: Callable[[], str]) -> Finding:
    from django.db import DatabaseError

    from rollcall.core.errors import Problem
    from rollcall.sources.errors import SourceError
    from rollcall.targets.errors import TargetError

    try:
        return Finding(what, Exit.DONE, look())
    # Its class alone: the driver's own words may hold the address with its password.
    except DatabaseError as error:
        return Finding(what, status, f"the database cannot be used ({type(error).__name__})")
    except (TargetError, Problem, SourceError) as error:
        return Finding(what, status, str(error))


def _settings() -> str:
    """Where the settings come from; a file that is passed over is named."""
    from rollcall.project.settings import CONFIGURATION

    file = CONFIGURATION.file
    told = f"the environment and {file}" if file else "the environment; there is no settings file"
    here = Path.cwd() / FILE_NAME
    if here.is_file() and not (file and here.samefile(file)):
        told += f" ({FILE_NAME} in this folder is not read: ROLLCALL_CONFIG would name it)"
    return told


def _unknown_settings() -> list[str]:
    """What is set under a name of ours that is none: in the environment, and in the file."""
    from rollcall.core import settings_file
    from rollcall.project import schema
    from rollcall.project.settings import CONFIGURATION

    known = set(schema.names())
    written = settings_file.read(CONFIGURATION.file) if CONFIGURATION.file else {}
    # Of each line of the file both readings are there, of which one is enough.
    in_file = {name for name in written if f"ROLLCALL_{name}" in written}
    unread = {name.lower() for name in in_file if not {name, f"ROLLCALL_{name}"} & known}
    beginnings = tuple({f"{name.partition('_')[0]}_" for name in known})
    ours = {name for name in os.environ if name.startswith(beginnings)}
    return sorted((ours - known) | unread)


def _database() -> str:
    from django.db import connection

    from rollcall.project.settings import DATA_DIR

    return f"{connection.vendor}, keys and files in {DATA_DIR}"


def _directory() -> str:
    from rollcall.directory.models import User
    from rollcall.imports.open_targets import BUILTIN, open_target

    access = open_target(BUILTIN).check()
    return f"{access.name}, {counted(User.objects.count(), 'user')}"


def _cloud_settings() -> str:
    """The address of the cloud; empty where nobody has set a key and no import goes there."""
    from rollcall.imports import open_targets, target_accounts

    if open_targets.chosen() == JUMPCLOUD:
        open_targets.require(JUMPCLOUD)
    cloud = target_accounts.current(JUMPCLOUD)
    return str(cloud.url) if cloud.api_key else ""


def _cloud() -> str:
    from rollcall.directory.labels import state_word
    from rollcall.imports.open_targets import open_target

    with closing(open_target(JUMPCLOUD)) as target:
        access = target.check()
        state = target.default_state()
    if not access.may_write:
        return f"{access.name}: the key may only read; plans can be made, imports cannot"
    return f"{access.name}: the key may read and write; new users are {state_word(state).lower()}"


def _look_into(kind: SourceKind[Any], account: Account) -> str:
    from rollcall.imports.options import Options

    with closing(kind.open(account)) as source:
        readable = source.check(Options().mapping().needed_attributes())
    if kind.file is not None:
        return _of_file(kind.file.look(account), kind.label)
    return _of_credential(readable)


def _of_file(look: FileLook, source: str) -> str:
    rows = f"the file can be read: {counted(look.count, 'row')} below the headings"
    return ". ".join([rows, *(note.text(source) for note in look.notes)])


def _of_credential(readable: Readable) -> str:
    # No fault: the import goes on without them, and takes nothing away for lack of them.
    if readable.unreadable:
        names = ", ".join(f"`{name}`" for name in readable.unreadable)
        return f"the credential is accepted, but cannot read {names}{_over(readable.over)}"
    whole = "the credential is accepted and can read every attribute that is needed"
    return whole + _over(readable.over)


def _over(way: str) -> str:
    return f" ({way})" if way else ""
