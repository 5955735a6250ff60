"""`rollcall applications create saml`: an application that signs people on by SAML 2.0."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rollcall.cli.console import output, print_json
from rollcall.cli.exits import Exit, stop
from rollcall.cli.operator import operator
from rollcall.cli.setup import ready

if TYPE_CHECKING:
    from rollcall.access.attribute_mapping import ClaimRule
    from rollcall.access.saml.configuration import Configuration

MOST_BYTES = 1_048_577


@ready
def create_saml(
    label: Annotated[str, typer.Option(help="What people know the application by.")],
    sp_entity_id: Annotated[
        str, typer.Option(help="The application's own name, letter by letter; its metadata say it.")
    ] = "",
    acs_url: Annotated[
        list[str] | None,
        typer.Option(help="Where it takes answers, the default first; repeatable."),
    ] = None,
    sp_metadata: Annotated[
        Path | None,
        typer.Option(help="A file of the application's metadata, for all that they say."),
    ] = None,
    path: Annotated[
        str, typer.Option(help="What stands in its addresses here, for good; else its id.")
    ] = "",
    name_id: Annotated[
        str, typer.Option(help="The user's field that names people there.")
    ] = "email",
    attribute: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=FIELD", help="Tell a field of the user; repeatable."),
    ] = None,
    groups: Annotated[
        str, typer.Option(metavar="NAME", help="Tell the bound user groups by this name.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Set up an application that signs people on by SAML 2.0, and print what it needs.

    Nobody gets in before the application is bound to a user group: `rollcall applications bind`.

    Exit status: 0 done · 2 wrong usage, or ROLLCALL_BASE_URL is not set.
    """
    from rollcall.access.oidc import issuer
    from rollcall.access.saml import addresses, connections
    from rollcall.access.saml.configuration import Configuration

    issuer.settled()
    configuration = Configuration(
        sp_entity_id,
        tuple(acs_url or ()),
        name_id_attribute=name_id,
        attributes=tuple(_rules(attribute or [], groups)),
    )
    if sp_metadata is not None:
        configuration = _with_metadata(configuration, sp_metadata)
    made = connections.create_application(operator(), label, configuration, path)
    told = {
        "id": made.application.id,
        "metadata_url": addresses.metadata_url(made),
        "sso_url": addresses.sso_url(made),
    }
    if as_json:
        print_json(told)
        return
    for name, value in told.items():
        output().print(f"{name}: {value}", highlight=False, markup=False)


def _rules(attributes: list[str], groups: str) -> list[ClaimRule]:
    from rollcall.access.attribute_mapping import ClaimRule, Kind

    rules = []
    for given in attributes:
        name, separator, field = given.partition("=")
        if not separator:
            raise stop(Exit.USAGE, f"--attribute {given}: write NAME=FIELD, mail=email say")
        rules.append(ClaimRule(name, Kind.ATTRIBUTE, field))
    return [*rules, *([ClaimRule(groups, Kind.GROUPS)] if groups else [])]


def _with_metadata(configuration: Configuration, file: Path) -> Configuration:
    from rollcall.access.saml.messages import sp_metadata
    from rollcall.access.saml.messages.parsing import Unreadable

    try:
        with file.open("rb") as opened:
            content = opened.read(MOST_BYTES)
    except OSError as error:
        raise stop(Exit.USAGE, f"{file} cannot be read: {error.strerror}") from None
    try:
        return sp_metadata.merged(configuration, content)
    except Unreadable as error:
        raise stop(Exit.USAGE, f"{file} holds no metadata that can be taken: {error}") from None
