"""`rollcall demo`: an invented company is imported for real, then the portal shows it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

PEOPLE = 250
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
    from rollcall.sandbox.server import running_sandbox

    _use_demo_data()
    with running_sandbox(people=people, port=_free_port(8700)) as personio:
        _point_at(personio)
        _import()
        if serve:
            from rollcall.cli.serving import serve_until_stopped

            _say_credentials(personio)
            serve_until_stopped("127.0.0.1", _free_port(port), worker=True)


def _use_demo_data() -> None:
    """Keep the demo's data apart from an administrator's own, and let later commands find it."""
    os.environ["ROLLCALL_DATA_DIR"] = str(Path.cwd() / DATA_DIR)
    os.environ.pop("ROLLCALL_DATABASE_URL", None)
    note = Path.cwd() / "rollcall.toml"
    if not note.exists():
        note.write_text(NOTE, encoding="utf-8")
