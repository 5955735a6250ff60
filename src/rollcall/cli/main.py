"""The `rollcall` command: its subcommands."""

from __future__ import annotations

from typing import Annotated, Final

import typer

import rollcall
from rollcall.cli.loading import Entry, lazy_group

COMMANDS: Final = {
    "plan": Entry(
        "rollcall.cli.importing:plan",
        "Show what an import would do and why, and write nothing.",
    ),
    "import": Entry(
        "rollcall.cli.importing:import_",
        "Import the employees of an account into the directory as users.",
    ),
    "runs": Entry(
        "rollcall.cli.reading:runs_app",
        "Look at the imports that were run.",
    ),
    "users": Entry(
        "rollcall.cli.user_accounts:users_app",
        "Users of the built-in directory: listed, activated, unlocked, unlinked.",
    ),
    "groups": Entry(
        "rollcall.cli.groups:groups_app",
        "User groups and applications: who is in a group, and what it is bound to.",
    ),
    "policies": Entry(
        "rollcall.cli.policies:policies_app",
        "Conditional access: who may sign in where, and why.",
    ),
    "applications": Entry(
        "rollcall.cli.applications:applications_app",
        "Applications: set up for single sign-on, and bound to user groups.",
    ),
    "settings": Entry(
        "rollcall.cli.settings:settings_app",
        "Look at and change the organization's settings.",
    ),
    "doctor": Entry(
        "rollcall.cli.doctor:doctor",
        "Check settings, database, source and directory, and say what to do where one fails.",
    ),
    "serve": Entry(
        "rollcall.cli.serving:serve",
        "Serve the portal and the API, and carry out imports, until stopped with Ctrl-C.",
    ),
    "worker": Entry(
        "rollcall.cli.serving:worker",
        "Carry out imports that the portal or the API asked for, until stopped with Ctrl-C.",
    ),
    "admin": Entry(
        "rollcall.cli.admin:admin_app",
        "Administrators of the portal.",
    ),
    "keys": Entry(
        "rollcall.cli.keys:keys",
        "Keys for the API of the built-in directory.",
    ),
    "backup": Entry(
        "rollcall.cli.backing_up:backup",
        "Write everything that is stored into one file, while Rollcall runs.",
    ),
    "restore": Entry(
        "rollcall.cli.backing_up:restore",
        "Put the content of a backup in the place of what this installation holds.",
    ),
    "secrets": Entry(
        "rollcall.cli.secrets:secrets_app",
        "The keys that seal stored secrets: credentials, second factors, e-mails to be sent.",
    ),
    "people": Entry(
        "rollcall.cli.people:people_app",
        "What is kept of a person, in every room: found, given out, erased.",
    ),
    "events": Entry(
        "rollcall.cli.events:events",
        "Show what happened, the newest last, as Directory Insights tells it.",
    ),
    "audit": Entry(
        "rollcall.cli.auditing:audit_app",
        "The audit log: sealed, so that a change or a removal shows.",
    ),
    "sandbox": Entry(
        "rollcall.sandbox.command:sandbox",
        "Run a stand-in Personio account on this machine: an invented company behind "
        "Personio's API.",
    ),
    "demo": Entry(
        "rollcall.cli.demo:demo",
        "Import an invented company into the built-in directory, then serve the portal.",
    ),
}

app = typer.Typer(
    name="rollcall",
    cls=lazy_group(COMMANDS),
    help="Import the employees of a Personio account into a directory as users.",
    no_args_is_help=True,
    # A pretty traceback shows what variables hold: people, and secrets.
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _say_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"rollcall {rollcall.__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_say_version, is_eager=True, help="Print the version, and stop."
        ),
    ] = False,
) -> None:
    """Only its option is of use: the commands do the work."""
