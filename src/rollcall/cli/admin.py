"""`rollcall admin`: who may sign in to the portal, made and let in again from the terminal."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rollcall.cli import running_portal
from rollcall.cli.console import errors, output, print_json
from rollcall.cli.exits import Exit, stop
from rollcall.cli.importing import JsonOption
from rollcall.cli.operator import note_reading, operator
from rollcall.cli.setup import ready

if TYPE_CHECKING:
    from rollcall.accounts.models import Account, Role

admin_app = typer.Typer(help="Administrators of the portal.", no_args_is_help=True)

ROLES = ("administrator", "manager", "help-desk", "command-runner", "read-only")
BASE_URL = "http://localhost:8000"

EmailArgument = Annotated[str, typer.Argument(metavar="EMAIL", help="What they sign in with.")]
RoleOption = Annotated[
    str,
    typer.Option(help="administrator, manager, help-desk, command-runner or read-only."),
]
PasswordOption = Annotated[
    bool,
    typer.Option(
        "--password", help="Ask for a password here (or read it from standard input); no link."
    ),
]


@admin_app.command("create")
@ready
def create(
    email: EmailArgument,
    role: RoleOption = ROLES[0],
    password: PasswordOption = False,
) -> None:
    """Let somebody sign in, and print the one-time link with which they set a password."""
    from rollcall.accounts import one_time_links, services
    from rollcall.accounts.errors import EmailMalformedError, EmailTakenError
    from rollcall.accounts.models import Account

    roles = {role_of(role)}
    try:
        email = services.valid_email(email)
        # before a password is asked for in vain
        if Account.objects.by_email(email):
            raise EmailTakenError
        typed = _password(email) if password else None
        account = services.create(operator(), email, roles, password=typed)
    except EmailMalformedError:
        raise stop(Exit.USAGE, f"{email} is not an e-mail address") from None
    except EmailTakenError:
        raise stop(Exit.USAGE, f"{email} can sign in already; see `rollcall admin reset`") from None
    output().print(f"{account.email} may sign in now ({role}).", highlight=False)
    if typed is None:
        _show_link(one_time_links.password_link(account, link_base()))


@admin_app.command("reset")
@ready
def reset(email: EmailArgument, password: PasswordOption = False) -> None:
    """Let somebody in again: ends lock-outs, takes second factors away, sets a new password."""
    from rollcall.accounts import one_time_links, services
    from rollcall.accounts.models import Account

    account = Account.objects.by_email(email)
    if account is None:
        raise stop(Exit.USAGE, f"nobody signs in as {email}; see `rollcall admin create`")
    typed = _password(email) if password else None
    services.reset(operator(), account, typed)
    output().print(
        f"{email} can sign in again; second factors are gone, the old password too.",
        highlight=False,
    )
    if typed is None:
        _show_link(one_time_links.password_link(account, link_base()))


@admin_app.command("list")
@ready
def list_(as_json: JsonOption = False) -> None:
    """Show who may sign in to the portal, in which role, and when they last did."""
    from rollcall.accounts.models import Account

    note_reading("administrators", "json" if as_json else "table")
    accounts = Account.objects.administrators().order_by("email")
    if as_json:
        print_json([_row(account) for account in accounts])
        return
    if not accounts:
        output().print("Nobody may sign in yet: `rollcall admin create EMAIL` lets somebody in.")
    for account in accounts:
        row = _row(account)
        state = "" if account.is_active else "  (deactivated)"
        last = row["last_sign_in"] or "never"
        line = f"{row['email']}  {', '.join(row['roles'])}  last signed in: {last}{state}"
        output().print(line, highlight=False, markup=False, soft_wrap=True)


@admin_app.command("delete")
@ready
def delete(email: EmailArgument) -> None:
    """Let somebody sign in no more and forget the account; the last administrator stays.

    Exit status: 0 deleted · 2 nobody has this e-mail, or it is the last active administrator.
    """
    from rollcall.accounts import services
    from rollcall.accounts.errors import LastAdministratorError
    from rollcall.accounts.models import Account

    account = Account.objects.by_email(email)
    if account is None:
        raise stop(Exit.USAGE, f"nobody signs in as {email}; see `rollcall admin list`")
    try:
        services.delete(operator(), account)
    except LastAdministratorError:
        line = f"{email} is the last active administrator; make somebody else one first"
        raise stop(Exit.USAGE, line) from None
    output().print(f"{account.email} is deleted.", highlight=False)


def _row(account: Account) -> dict[str, Any]:
    return {
        "email": account.email,
        "roles": sorted(role.value for role in account.roles),
        "active": account.is_active,
        "last_sign_in": account.last_login.isoformat() if account.last_login else None,
    }


def _password(email: str) -> str:
    """The password that is typed, if this account may have it."""
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError

    from rollcall.accounts.models import Account

    typed = typed_password()
    try:
        validate_password(typed, Account.objects.by_email(email) or Account(email=email))
    except ValidationError as error:
        raise stop(Exit.USAGE, " ".join(error.messages)) from None
    return typed


def role_of(name: str) -> Role:
    """The role of this name; ends the command where there is none."""
    from rollcall.accounts.models import Role

    if name not in ROLES:
        raise stop(Exit.USAGE, f"--role {name}: use {', '.join(ROLES)}")
    return Role(name.replace("-", "_"))


def typed_password() -> str:
    """A password, asked for twice at a terminal, or the first line of what is piped in."""
    if sys.stdin.isatty():
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))
    return sys.stdin.readline().rstrip("\r\n")


def _show_link(link: str) -> None:
    output().print("They set a password behind this one-time link, within two days:")
    # plain text on standard output, so that it can be piped on unbroken
    sys.stdout.write(f"  {link}\n")
    if not _known_url():
        errors().print(
            "If the portal is reached at another address, set ROLLCALL_BASE_URL.", highlight=False
        )


def link_base() -> str:
    """What links begin with that are printed: where people reach the portal."""
    return _known_url() or BASE_URL


def _known_url() -> str:
    """Where the portal is reached: as the settings say, else where it runs now."""
    from rollcall.project.settings import DATA_DIR, INSTALLATION

    return INSTALLATION.base_url or running_portal.find(DATA_DIR)
