"""`rollcall settings`: what the organization has chosen for new users."""

from __future__ import annotations

from typing import Annotated, Final

import typer
from rich.table import Table

from rollcall.cli.console import output, print_json
from rollcall.cli.exits import Exit, stop
from rollcall.cli.importing import JsonOption
from rollcall.cli.operator import operator
from rollcall.cli.setup import ready, ready_alone

settings_app = typer.Typer(
    help="Look at and change the organization's settings.", invoke_without_command=True
)

SETTINGS: Final = {
    "default-state.manual": "manualEntry",
    "default-state.csv-import": "csvImport",
    "default-state.application-import": "applicationImport",
}
USERNAME_LENGTH: Final = "username-length"
STATES: Final = {"staged": "STAGED", "active": "ACTIVATED"}
MEANINGS: Final = {
    "default-state.manual": "The state of users who are made by hand in the portal.",
    "default-state.csv-import": "Of users who are made in bulk over the API (JumpCloud calls it "
    "CSV import); not of a file of employees.",
    "default-state.application-import": "Of users whom an import of employees makes, from an "
    "HR system or from a CSV file.",
    USERNAME_LENGTH: "What usernames that are made of an e-mail are cut to, in characters.",
}


@settings_app.callback()
@ready_alone
def settings(context: typer.Context, as_json: JsonOption = False) -> None:
    """Show the organization's settings; `rollcall settings set NAME VALUE` changes one."""
    from rollcall.directory.models import Organization

    organization = Organization.the()
    words = {state: word for word, state in STATES.items()}
    values = {name: words[getattr(organization, field)] for name, field in SETTINGS.items()}
    values[USERNAME_LENGTH] = str(organization.username_length)
    if as_json:
        print_json(values)
        return
    table = Table()
    table.add_column("Setting", no_wrap=True)
    table.add_column("Value")
    table.add_column("What it is")
    for name, value in values.items():
        table.add_row(name, value, MEANINGS[name])
    output().print(table)


@settings_app.command("set")
@ready
def set_setting(
    name: Annotated[str, typer.Argument(help="The setting, as `rollcall settings` lists it.")],
    value: Annotated[str, typer.Argument(help="staged or active; for username-length 20 to 30.")],
) -> None:
    """Change a setting: the state that new users get, or what their usernames are cut to.

    default-state.manual is the state of users who are made by hand in the portal,
    default-state.application-import of those whom an import of employees makes (from an HR system
    or from a CSV file), default-state.csv-import of those who are made in bulk over the API, which
    JumpCloud calls CSV import.

    Exit status: 0 done · 2 there is no such setting, or it does not take the value.
    """
    from rollcall.directory import services

    if name not in (*SETTINGS, USERNAME_LENGTH):
        known = ", ".join((*SETTINGS, USERNAME_LENGTH))
        raise stop(Exit.USAGE, f"setting `{name}` is not known; there are: {known}")
    if name == USERNAME_LENGTH:
        # Anything else is 0, which the rules refuse like every number out of bounds.
        number = int(value) if value.isascii() and value.isdecimal() and len(value) < 9 else 0
        values: dict[str, object] = {"username_length": number}
    elif value.lower() in STATES:
        values = {SETTINGS[name]: STATES[value.lower()]}
    else:
        raise stop(Exit.USAGE, f"{name}: `{value}` is not a state; use staged or active")
    if isinstance(services.update_organization(operator(), values), services.Refused):
        raise stop(Exit.USAGE, f"{name}: `{value}` is not a number from 20 to 30")
    output().print(f"{name} is now {value.lower()}.")
