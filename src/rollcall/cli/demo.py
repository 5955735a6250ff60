"""`rollcall demo`: an invented company is imported for real, then the portal shows it."""

from __future__ import annotations

import os
import socket
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from rollcall.cli.console import output
from rollcall.cli.exits import Exit
from rollcall.cli.importing import import_

PEOPLE = 250
SANDBOX_PORT = 8700
DATA_DIR = "data/demo"
NOTE = f"""# Written by `make demo`, so that `rollcall` in this folder finds the demo's data.
# Delete this file and the folder {DATA_DIR} to forget the demo.
data_dir = "{DATA_DIR}"
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

    _use_demo_data()
    company = Company(people, today=date.today())
    console = output()
    with running(create_app(company), port=_free_port(SANDBOX_PORT)) as url:
        pair = Credentials.of_seed(company.seed)
        os.environ["PERSONIO_ACCOUNT"] = "sandbox"  # the same one, whatever port is free today
        os.environ["PERSONIO_URL"] = url
        os.environ["PERSONIO_CLIENT_ID"] = pair.client_id
        os.environ["PERSONIO_CLIENT_SECRET"] = pair.client_secret
        console.print(f"Importing {people:,} invented employees from a sandbox Personio at {url}")
        _import()
        if not serve:
            console.print("The directory is filled. Look at it: .venv/bin/rollcall users")
            return
        console.print("Try an import in the portal with these sandbox credentials:")
        console.print(f"  API address    {url}\n  Client ID      {pair.client_id}")
        console.print(f"  Client Secret  {pair.client_secret}", soft_wrap=True)
        serve_until_stopped("127.0.0.1", _free_port(port), worker=True)


def _import() -> None:
    """Import as `rollcall import` does; invented people in conflict are part of the show."""
    try:
        import_()
    except typer.Exit as end:
        if end.exit_code != Exit.ATTENTION:
            raise


def _use_demo_data() -> None:
    """Keep the demo's data apart from an administrator's own, and let later commands find it."""
    os.environ["ROLLCALL_DATA_DIR"] = str(Path.cwd() / DATA_DIR)
    os.environ.pop("ROLLCALL_DATABASE_URL", None)
    note = Path.cwd() / "rollcall.toml"
    if not note.exists():
        note.write_text(NOTE, encoding="utf-8")


def _free_port(wanted: int) -> int:
    """The wanted port, or 0 (any) where another program has it."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", wanted))
        except OSError:
            return 0
    return wanted
