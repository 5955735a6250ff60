"""`rollcall keys`: make, list and revoke the keys of the API."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from rollcall.cli.admin import ROLES, RoleOption, role_of
from rollcall.cli.exits import Exit, stop
from rollcall.cli.operator import note_reading, operator
from rollcall.cli.setup import make_ready

keys = typer.Typer(help="Keys for the API of the built-in directory.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@keys.command()
def create(
    name: Annotated[str, typer.Option(help="What the key is for.")],
    role: RoleOption = ROLES[0],
    read_only: Annotated[
        bool, typer.Option("--read-only", help="The same as `--role read-only`.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Make a key and print it. It is shown this once."""
    from rollcall.accounts import api_keys
    from rollcall.accounts.errors import NameMalformedError
    from rollcall.accounts.models import Role

    granted = Role.READ_ONLY if read_only else role_of(role)
    try:
        key, secret = api_keys.create(operator(), name, granted)
    except NameMalformedError:
        line = "--name: 1 to 255 characters, and no control characters among them"
        raise stop(Exit.USAGE, line) from None
    if as_json:
        row = {"key": secret, "id": key.id, "name": name, "role": granted.value}
        typer.echo(json.dumps({**row, "read_only": key.read_only}))
        return
    # Alone on standard output, so that it can be piped on.
    typer.echo(secret)
    typer.echo("Keep it now: it is not shown again.", err=True)


@keys.command("list")
def list_(as_json: AsJson = False) -> None:
    """Show the keys that work: name, beginning, rights, last use."""
    from rollcall.accounts.models import ApiKey

    note_reading("api keys", "json" if as_json else "table")
    rows = [
        {
            "id": key.id,
            "name": key.name,
            "prefix": key.prefix,
            "role": str(key.role),
            "read_only": key.read_only,
            "created": key.created.isoformat(),
            "last_used": key.last_used.isoformat() if key.last_used else None,
        }
        for key in ApiKey.objects.filter(revoked=None)
    ]
    if as_json:
        typer.echo(json.dumps(rows))
        return
    if not rows:
        typer.echo("No key works yet: `rollcall keys create --name NAME` makes one.", err=True)
    for row in rows:
        role = str(row["role"]).replace("_", " ")
        typer.echo(f"{row['id']}  {row['prefix']}…  {role:14}  {row['name']}")


@keys.command()
def revoke(key: Annotated[str, typer.Argument(help="The key's id or name.")]) -> None:
    """Let a key open nothing any more.

    Exit status: 0 revoked · 2 no working key, or more than one, has this id or name.
    """
    from django.db.models import Q

    from rollcall.accounts import api_keys
    from rollcall.accounts.models import ApiKey

    # Names need not be unique, and the wrong key revoked would stop somebody's work.
    matches = list(ApiKey.objects.filter(Q(pk=key) | Q(name=key), revoked=None)[:2])
    if len(matches) != 1:
        what = "no key that works has" if not matches else "several keys have"
        line = f"{what} that id or name; `rollcall keys list` shows them"
        raise stop(Exit.USAGE, line)
    api_keys.revoke(operator(), matches[0])
    typer.echo("Revoked.")


make_ready(keys)
