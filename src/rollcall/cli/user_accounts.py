"""`rollcall users activate`, `unlock`, `expire`, `reset-mfa`: the accounts of users."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Final

import typer

from rollcall.cli.admin import link_base, typed_password
from rollcall.cli.console import output
from rollcall.cli.exits import Exit, stop
from rollcall.cli.operator import operator
from rollcall.cli.reading import users_app
from rollcall.cli.setup import ready

if TYPE_CHECKING:
    from rollcall.accounts.holders import Obstacle
    from rollcall.accounts.models import Account
    from rollcall.directory.models import User

__all__ = ["users_app"]

UserArgument = Annotated[
    str, typer.Argument(metavar="NAME", help="The user's e-mail, username or id.")
]

WHY: Final = {
    "gone": "the user has been deleted meanwhile",
    "suspended": "the user is suspended; reactivate them first",
    "has_password": "the user has a password already",
    "held_by_administrator": (
        "an administrator signs in with this e-mail; the user gets no account until they accept "
        "the link in the portal, under Profile"
    ),
    "administrator": "this is an administrator's account; see `rollcall admin reset`",
    "taken": "another account signs in with this e-mail",
    "email_malformed": "no e-mail can be sent to this user's address",
    "no_address": "the user has no such address",
}


@users_app.command("activate")
@ready
def activate(
    user: UserArgument,
    password_stdin: Annotated[
        bool,
        typer.Option(
            "--password-stdin",
            help="Read the password from standard input; `users expire` has them change it.",
        ),
    ] = False,
    send: Annotated[
        bool, typer.Option("--send", help="Send the activation e-mail to the company address.")
    ] = False,
) -> None:
    """Give a user an account; without an option, print the link that sets the password.

    A staged user becomes Active. The link works once and for seven days; links made before end.

    Exit status: 0 done · 1 the user cannot be activated · 2 wrong usage, or no such user.
    """
    from rollcall.accounts import activation
    from rollcall.directory.services import HAND

    if password_stdin and send:
        raise stop(Exit.USAGE, "use --password-stdin or --send, not both")
    person = _user(user)
    if password_stdin:
        _give_password(person)
        return
    [done] = activation.activate(operator(), HAND, [person.pk])
    if done.obstacle is not None or done.account is None:
        raise _refusal(person, done.obstacle)
    if send:
        _send(person, done.account)
    else:
        links = activation.issue_links(operator(), [done.account], link_base())
        # plain text on standard output, so that it can be piped on unbroken
        sys.stdout.write(f"{links[done.account.pk]}\n")


@users_app.command("unlock")
@ready
def unlock(user: UserArgument) -> None:
    """Let a user in again after failed sign-ins; the password stays.

    Exit status: 0 done · 1 the user is suspended · 2 no such user.
    """
    from rollcall.accounts import user_accounts
    from rollcall.directory.services import HAND

    person = _user(user)
    if person.state == "SUSPENDED":
        raise stop(Exit.ATTENTION, f"{person.username}: {WHY['suspended']}")
    user_accounts.unlock(operator(), HAND, [person.pk])
    output().print(f"{person.username} is not locked.", highlight=False)


@users_app.command("expire")
@ready
def expire(user: UserArgument) -> None:
    """Let a user's password count as expired: sessions end, the next sign-in asks for a new one.

    Exit status: 0 done · 2 no such user.
    """
    from rollcall.accounts import user_accounts
    from rollcall.directory.services import HAND

    person = _user(user)
    user_accounts.expire(operator(), HAND, [person.pk])
    output().print(f"The password of {person.username} is expired.", highlight=False)


@users_app.command("reset-mfa")
@ready
def reset_mfa(
    user: UserArgument,
    days: Annotated[
        int | None,
        typer.Option(min=1, max=365, help="A new enrolment period of so many days begins."),
    ] = None,
) -> None:
    """Take a user's second factors away; the password stays.

    Without `--days`, whoever needs a factor sets one up before anything else.

    Exit status: 0 done · 1 the account is an administrator's · 2 no such user.
    """
    from datetime import timedelta

    from django.utils import timezone

    from rollcall.accounts import user_accounts
    from rollcall.accounts.models import AccountRole

    person = _user(user)
    if AccountRole.objects.filter(account__user=person).exists():
        raise stop(Exit.ATTENTION, f"{person.username}: {WHY['administrator']}")
    until = timezone.now() + timedelta(days=days) if days else None
    user_accounts.reset_factors(operator(), [person.pk], until)
    output().print(f"{person.username} has no second factors.", highlight=False)


def _user(text: str) -> User:
    from django.db.models import Q

    from rollcall.core.emails import normalize
    from rollcall.directory.models import User
    from rollcall.imports.open_targets import accounts_are_elsewhere

    if accounts_are_elsewhere():
        line = "imports go to JumpCloud: accounts and sign-on are JumpCloud's; see its admin portal"
        raise stop(Exit.USAGE, line)
    named = Q(email=normalize(text)) | Q(username__iexact=text) | Q(pk=text)
    people = list(User.objects.filter(named)[:2])
    if len(people) != 1:
        how_many = "several users are" if people else "no user is"
        raise stop(Exit.USAGE, f"{how_many} called {text}")
    return people[0]


def _give_password(person: User) -> None:
    from django.core.exceptions import ValidationError

    from rollcall.accounts import activation
    from rollcall.accounts.errors import ActivationRefusedError
    from rollcall.accounts.holders import Obstacle
    from rollcall.directory.services import HAND

    if person.state == "SUSPENDED":
        raise _refusal(person, Obstacle.SUSPENDED)
    typed = typed_password()
    try:
        activation.give_password(operator(), HAND, person.pk, typed, must_change=False)
    except ActivationRefusedError as error:
        raise _refusal(person, error.obstacle) from None
    except ValidationError as error:
        raise stop(Exit.USAGE, " ".join(error.messages)) from None
    activation.activate(operator(), HAND, [person.pk])
    output().print(f"{person.username} can sign in.", highlight=False)


def _send(person: User, account: Account) -> None:
    from rollcall.accounts import activation_mail
    from rollcall.accounts.activation_mail import Mailbox
    from rollcall.mail import server

    if not server.is_set():
        raise stop(Exit.USAGE, "no mail server is set; name one in ROLLCALL_SMTP_URL")
    letters = activation_mail.letters([account], Mailbox.COMPANY)
    if not letters or not activation_mail.send(operator(), letters, link_base()):
        raise stop(Exit.ATTENTION, f"{person.username}: {WHY['email_malformed']}")
    line = f"The activation e-mail is on its way to {person.email}."
    output().print(line, highlight=False, markup=False)


def _refusal(person: User, obstacle: Obstacle | None) -> typer.Exit:
    return stop(Exit.ATTENTION, f"{person.username}: {WHY[obstacle or 'taken']}")
