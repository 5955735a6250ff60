"""`rollcall demo`: an invented company is imported for real, then the portal shows it."""

from __future__ import annotations

import os
import shlex
import socket
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rollcall.cli.console import output
from rollcall.cli.exits import Exit
from rollcall.cli.importing import import_
from rollcall.core.settings_file import FILE_NAME
from rollcall.core.text import counted

if TYPE_CHECKING:
    from rollcall.sandbox.credentials import Credentials

PEOPLE = 250
SANDBOX_PORT = 8700
DATA_DIR = "data/demo"
LEADING_ELSEWHERE = ("ROLLCALL_DATABASE_URL", "ROLLCALL_CONFIG")
SETTINGS = """# No settings: without this file the demo would be given those of its user.
"""


def demo(
    serve: Annotated[
        bool, typer.Option("--serve/--no-serve", help="Open the portal after the import.")
    ] = True,
    people: Annotated[int, typer.Option(min=1, help="How large the invented company is.")] = PEOPLE,
    port: Annotated[
        int, typer.Option(help="The portal's port; another one if it is taken.")
    ] = 8000,
) -> None:
    """Import an invented company into the built-in directory, then serve the portal.

    Starts a sandbox Personio account on this machine, imports it into data/demo with progress and
    a result table, and shows the portal with that import in it.
    """
    from rollcall.cli.serving import serve_until_stopped
    from rollcall.sandbox.company import Company
    from rollcall.sandbox.credentials import Credentials
    from rollcall.sandbox.server import create_app, running

    way = _use_demo_data()
    company = Company(people, today=date.today())
    console = output()
    with running(create_app(company), port=_free_port(SANDBOX_PORT)) as url:
        pair = Credentials.of_seed(company.seed)
        _use_sandbox(url, pair)
        console.print(
            f"Importing {counted(people, 'invented employee')} from a sandbox Personio at {url}"
        )
        _import()
        console.print("The directory is filled. Other commands find it after this line:")
        for line in way:
            sys.stdout.write(f"  {line}\n")  # plain, so that it can be copied unbroken
        if not serve:
            command = shlex.quote(sys.argv[0])
            console.print(f"Then look at it: {command} users", soft_wrap=True, highlight=False)
            return
        console.print("Try an import in the portal with these sandbox credentials:")
        console.print(f"  API address    {url}\n  Client ID      {pair.client_id}")
        console.print(f"  Client Secret  {pair.client_secret}", soft_wrap=True)
        serve_until_stopped("127.0.0.1", _free_port(port), worker=True)


def _use_sandbox(url: str, pair: Credentials) -> None:
    """Have this process read the sandbox, whatever account its user has set."""
    os.environ["PERSONIO_ACCOUNT"] = "sandbox"  # the same account, whatever port is free today
    os.environ["PERSONIO_URL"] = url
    os.environ["PERSONIO_CLIENT_ID"] = pair.client_id
    os.environ["PERSONIO_CLIENT_SECRET"] = pair.client_secret


def _import() -> None:
    """Import as `rollcall import` does; invented people in conflict are part of the show."""
    try:
        import_()
    except typer.Exit as end:
        if end.exit_code != Exit.ATTENTION:
            raise


def _use_demo_data() -> list[str]:
    """Keep the demo's data apart from an administrator's own.

    Returns what leads later commands of this shell to it, line by line.
    """
    folder = Path.cwd() / DATA_DIR
    # What is made from here on holds keys and people: nobody else on the machine may read it.
    os.umask(0o077)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / FILE_NAME).write_text(SETTINGS, encoding="utf-8")
    os.environ["ROLLCALL_DATA_DIR"] = str(folder)
    elsewhere = [name for name in LEADING_ELSEWHERE if os.environ.pop(name, "")]
    return [
        f"export ROLLCALL_DATA_DIR={shlex.quote(str(folder))}",
        *(f"unset {name}" for name in elsewhere),
    ]


def _free_port(wanted: int) -> int:
    """The wanted port, or 0 (any) where another program has it."""
    with socket.socket() as probe:
        # As the server itself does: else a port that was in use a moment ago would seem taken.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", wanted))
        except OSError:
            return 0
    return wanted
