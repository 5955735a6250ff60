"""`rollcall applications`: what people sign on at, and the user groups it is bound to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from rollcall.cli.console import output, print_json
from rollcall.cli.exits import Exit, stop
from rollcall.cli.operator import operator
from rollcall.cli.saml import create_saml
from rollcall.cli.setup import ready

if TYPE_CHECKING:
    from rollcall.directory.models import Application, UserGroup

applications_app = typer.Typer(
    help="Applications: set up for single sign-on, and bound to user groups.",
    no_args_is_help=True,
)
create_app = typer.Typer(help="Set up a new application.", no_args_is_help=True)
applications_app.add_typer(create_app, name="create")

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@create_app.command("oidc")
@ready
def create_oidc(
    label: Annotated[str, typer.Option(help="What people know the application by.")],
    redirect_uri: Annotated[
        list[str],
        typer.Option(help="Where the application is answered at, letter by letter; repeatable."),
    ],
    post_logout_redirect_uri: Annotated[
        list[str] | None,
        typer.Option(help="Where people may be sent after signing out; repeatable."),
    ] = None,
    login_uri: Annotated[
        str,
        typer.Option(help="Where the application begins a sign-on itself: its tile leads there."),
    ] = "",
    public: Annotated[
        bool, typer.Option("--public", help="It can keep no secret: a page or an app.")
    ] = False,
    backchannel_logout_uri: Annotated[
        str, typer.Option(help="Where the application is told when somebody is out.")
    ] = "",
    algorithm: Annotated[
        str, typer.Option(help="What ID tokens are signed with: RS256 or ES256.")
    ] = "RS256",
    own_tokens: Annotated[
        bool, typer.Option("--own-tokens", help="It also gets tokens for itself, without a person.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Set up an application that signs people on by OpenID Connect, and print what it needs.

    The client secret is shown this once. Nobody gets in before the application is bound to a user
    group: `rollcall applications bind`.

    Exit status: 0 done · 2 wrong usage, or ROLLCALL_BASE_URL is not set.
    """
    from django.db import transaction

    from rollcall.access.oidc import clients, issuer, login_address
    from rollcall.access.oidc.models import Algorithm

    settled = issuer.settled()
    if algorithm not in Algorithm.values:
        raise stop(Exit.USAGE, f"there is no algorithm {algorithm} here: RS256 or ES256")
    registration = clients.Registration(
        redirect_uri,
        post_logout_redirect_uri or (),
        public,
        id_token_signed_response_alg=Algorithm(algorithm),
        backchannel_logout_uri=backchannel_logout_uri,
        has_own_tokens=own_tokens,
    )
    with transaction.atomic():
        client, secret = clients.create_application(operator(), label, registration)
        login_address.change_login_address(operator(), client, login_uri)
    made = {
        "id": client.application.id,
        "client_id": client.client_id,
        "client_secret": secret,
        "issuer": settled,
    }
    if as_json:
        print_json(made)
        return
    for name, value in made.items():
        output().print(f"{name}: {value or '-'}", highlight=False, markup=False)
    if secret:
        typer.echo("Keep the secret now: it is not shown again.", err=True)


create_app.command("saml")(create_saml)


@applications_app.command("list")
@ready
def list_(as_json: JsonOption = False) -> None:
    """List the applications of the built-in directory."""
    rows = [_row(application) for application in _applications()]
    if as_json:
        print_json(rows)
        return
    table = Table()
    for name in ("Application", "Sign-on", "Active", "User groups", "Id"):
        table.add_column(name, overflow="fold")
    for row in rows:
        groups = ", ".join(row["groups"]) if isinstance(row["groups"], list) else ""
        active = "yes" if row["active"] else "no"
        table.add_row(
            *map(escape, (str(row["label"]), str(row["sso"] or "-"), active, groups)),
            str(row["id"]),
        )
    output().print(table if rows else "No applications. `rollcall applications create` makes one.")


@applications_app.command("bind")
@ready
def bind(
    application: Annotated[
        str, typer.Argument(metavar="APPLICATION", help="The application's label or id.")
    ],
    group: Annotated[
        list[str], typer.Option("--group", help="The user group's name or id; repeatable.")
    ],
) -> None:
    """Bind an application to user groups: their members have access to it.

    Exit status: 0 done · 2 there is no such application or group, or several.
    """
    from rollcall.directory import services

    chosen = _application(application)
    groups = [_group(name) for name in group]
    services.bind(operator(), chosen, groups)
    names = ", ".join(group.name for group in groups)
    output().print(f"{chosen.displayLabel} is bound to {names}.", highlight=False, markup=False)


def _applications() -> list[Application]:
    from rollcall.directory.models import Application

    rows = Application.objects.select_related("oidc_client", "saml_connection")
    rows = rows.prefetch_related("groups")
    return list(rows.order_by("displayLabel", "id"))


def _row(application: Application) -> dict[str, object]:
    client = getattr(application, "oidc_client", None)
    return {
        "id": application.id,
        "label": application.displayLabel,
        "sso": _sso(application),
        "client_id": client.client_id if client else None,
        "login_uri": client.initiate_login_uri if client else None,
        "active": application.active,
        "groups": sorted(group.name for group in application.groups.all()),
    }


def _sso(application: Application) -> str | None:
    if hasattr(application, "saml_connection"):
        return "saml"
    return "oidc" if hasattr(application, "oidc_client") else None


def _application(named: str) -> Application:
    from django.db.models import Q

    from rollcall.directory.models import Application

    fitting = list(Application.objects.filter(Q(pk=named) | Q(displayLabel=named))[:2])
    # Labels need not be unique, and the wrong application would give away access.
    if len(fitting) != 1:
        what = "several applications have" if fitting else "no application has"
        raise stop(Exit.USAGE, f"{what} the label or id {named}; see `rollcall applications list`")
    return fitting[0]


def _group(named: str) -> UserGroup:
    from rollcall.directory.models import UserGroup

    rows = UserGroup.objects
    # The name first, as at `groups bind`; no two groups have one.
    group = rows.filter(name=named).first() or rows.filter(pk=named).first()
    if group is None:
        raise stop(Exit.USAGE, f"there is no user group {named}; see `rollcall groups`")
    return group
