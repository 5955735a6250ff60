"""`rollcall doctor`: looks at the installation and says what is missing and what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import typer
from rich.markup import escape

from rollcall.cli.console import output, print_json
from rollcall.cli.exits import Exit
from rollcall.cli.importing import JsonOption
from rollcall.cli.setup import ready


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: fine (`status` 0), or wrong, with what to do about it."""

    what: str
    status: Exit
    line: str


@ready
def doctor(as_json: JsonOption = False) -> None:
    """Check settings, database, Personio and the directory, and say what to do where one fails.

    Exit status: 0 all fine · 2 a setting is missing or wrong · 3 Personio refused or could not be
    reached · 4 the directory did.
    """
    findings = list(_look())
    if as_json:
        rows = [{"check": f.what, "ok": f.status == 0, "message": f.line} for f in findings]
        print_json(rows)
    else:
        console = output()
        for one in findings:
            sign = "[green]✓[/]" if one.status == Exit.DONE else "[red]✗[/]"
            console.print(f"{sign} {one.what}: {escape(one.line)}", soft_wrap=True)
    worst = next((one.status for one in findings if one.status != Exit.DONE), Exit.DONE)
    if worst:
        raise typer.Exit(int(worst))


def _look() -> Iterator[Finding]:
    yield _found("Data folder and database", Exit.USAGE, _database)
    yield _found("Built-in directory", Exit.DIRECTORY, _directory)
    key = _found("JumpCloud settings", Exit.USAGE, _cloud_settings)
    if key.line:
        yield key
        if key.status == Exit.DONE:
            yield _found("JumpCloud", Exit.DIRECTORY, _cloud)
    account = _found("Personio settings", Exit.USAGE, _personio_settings)
    yield account
    if account.status == Exit.DONE:
        yield _found("Personio", Exit.PERSONIO, _personio)


def _found(what: str, status: Exit, look: Callable[[], str]) -> Finding:
    from rollcall.core.errors import Problem
    from rollcall.sources.personio.errors import PersonioError, SettingsError
    from rollcall.targets.errors import TargetError

    try:
        return Finding(what, Exit.DONE, look())
    except (TargetError, Problem, PersonioError, SettingsError) as error:
        return Finding(what, status, str(error))


def _database() -> str:
    from django.db import connection

    from rollcall.project.settings import DATA_DIR

    return f"{connection.vendor}, keys and files in {DATA_DIR}"


def _directory() -> str:
    from rollcall.directory.models import User
    from rollcall.imports.open_targets import open_directory

    access = open_directory("builtin").check()
    return f"{access.name}, {User.objects.count():,} users"


def _cloud_settings() -> str:
    """The address of the cloud; empty where nobody has set a key and no import goes there."""
    from rollcall.imports import cloud_account, open_targets

    if open_targets.chosen() == open_targets.JUMPCLOUD:
        open_targets.require(open_targets.JUMPCLOUD)
    cloud = cloud_account.current()
    return cloud.url if cloud.api_key else ""


def _cloud() -> str:
    from rollcall.imports.open_targets import JUMPCLOUD, open_directory

    directory = open_directory(JUMPCLOUD)
    try:
        access = directory.check()
        state = directory.default_state()
    finally:
        directory.close()
    if not access.may_write:
        return f"{access.name}: the key may only read; plans can be made, imports cannot"
    return f"{access.name}: the key may read and write; new users are {state.lower()}"


def _personio_settings() -> str:
    from rollcall.project.settings import CONFIGURATION
    from rollcall.sources.personio.account import Account

    return Account.of(CONFIGURATION.values).url


def _personio() -> str:
    from rollcall.imports.options import Options
    from rollcall.project.settings import CONFIGURATION
    from rollcall.sources.personio.account import Account
    from rollcall.sources.personio.client import Personio

    with Personio(Account.of(CONFIGURATION.values)) as personio:
        readable = personio.check(Options().mapping().needed_attributes())
    if readable.unreadable:
        names = ", ".join(f"`{name}`" for name in readable.unreadable)
        return f"the credential is accepted, but cannot read {names}{_over(readable.over)}"
    whole = "the credential is accepted and can read every attribute that is needed"
    return whole + _over(readable.over)


def _over(way: str) -> str:
    return f" ({way})" if way else ""
