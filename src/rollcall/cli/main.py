"""The `rollcall` command: its subcommands."""

from __future__ import annotations

import typer

from rollcall.cli.admin import admin_app
from rollcall.cli.demo import demo
from rollcall.cli.doctor import doctor
from rollcall.cli.groups import groups_app
from rollcall.cli.importing import import_, plan
from rollcall.cli.keys import keys
from rollcall.cli.reading import runs_app, settings_app, users
from rollcall.cli.serving import serve, worker
from rollcall.cli.setup import make_ready
from rollcall.sandbox.command import sandbox

app = typer.Typer(
    name="rollcall",
    help="Import the employees of a Personio account into a directory as users.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("plan")(plan)
app.command("import")(import_)
app.add_typer(runs_app, name="runs")
app.command("users")(users)
app.add_typer(groups_app, name="groups")
app.add_typer(settings_app, name="settings")
app.command("doctor")(doctor)
app.command("serve")(serve)
app.command("worker")(worker)
app.add_typer(admin_app, name="admin")
app.add_typer(make_ready(keys), name="keys")
app.command("sandbox")(sandbox)
app.command("demo")(demo)
