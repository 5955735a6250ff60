"""`rollcall runs` and `rollcall users`: look at what is there."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Annotated, Any

import typer
from django.db.models import QuerySet
from rich.markup import escape
from rich.table import Table

from rollcall.cli.console import output, print_json, print_json_line
from rollcall.cli.exits import Exit, stop
from rollcall.cli.importing import JsonOption
from rollcall.cli.operator import note_reading, operator
from rollcall.cli.setup import ready, ready_alone
from rollcall.core.text import counted
from rollcall.provisioning.mapping import DEFAULT_MAPPING

if TYPE_CHECKING:
    from rollcall.directory.models import User

runs_app = typer.Typer(help="Look at the imports that were run.", invoke_without_command=True)
users_app = typer.Typer(
    help="Users of the built-in directory: listed, activated, unlocked, unlinked.",
    invoke_without_command=True,
)

USERS_SHOWN = 100
AT_ONCE = 1000

FIELDS = (
    "username",
    *(
        "manager__email" if rule.target == "manager" else rule.target
        for rule in DEFAULT_MAPPING.rules
    ),
)
"""What `rollcall users` shows: the username, and the attributes that an import carries."""


@runs_app.callback()
@ready_alone
def runs(
    context: typer.Context,
    limit: Annotated[
        int, typer.Option(min=0, help="How many runs, the newest first; 0 shows all.")
    ] = 20,
    as_json: JsonOption = False,
) -> None:
    """List the imports that were run, the newest first."""
    from rollcall.cli import showing
    from rollcall.imports.models import Run

    note_reading("imports", "json" if as_json else "table", limit=limit)
    latest = Run.objects.all()[: limit or None]
    if as_json:
        print_json([showing.run_json(run) for run in latest])
    else:
        showing.show_runs(output(), latest)


@runs_app.command("show")
@ready
def show_run(
    number: Annotated[int, typer.Argument(metavar="ID", help="The run's number.")],
    attention: Annotated[
        bool, typer.Option("--attention", help="Only employees who need attention.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Show one import: its counts, and every change with its reason."""
    from rollcall.cli import showing
    from rollcall.imports.models import Run

    run = Run.objects.filter(number=number).first()
    if run is None:
        raise stop(Exit.USAGE, f"there is no run {number}; see `rollcall runs`")
    rows = run.changes.all()
    if attention:
        rows = rows.filter(result__in=["conflict", "invalid", "failed"])
    note_reading(str(run), "json" if as_json else "table", attention=attention)
    if as_json:
        showing.print_with_changes(run, rows)
        return
    console = output()
    showing.show_runs(console, [run])
    if run.error:
        console.print(escape(run.error))
    showing.show_warnings(console, run)
    if attention and not rows.exists():
        console.print("Nobody of this import needs attention.")
    showing.show_changes(console, rows.iterator(), title="Changes")


@users_app.callback()
@ready_alone
def users(
    context: typer.Context,
    search: Annotated[str, typer.Option(help="Part of a name, e-mail or username, or an ID.")] = "",
    state: Annotated[str, typer.Option(help="Only staged, active or suspended users.")] = "",
    limit: Annotated[
        int | None,
        typer.Option(
            min=0,
            help="How many users to show; 0 shows all. Without it: 100, and all with --json.",
        ),
    ] = None,
    as_json: Annotated[
        bool,
        typer.Option("--json", help="Print one JSON object a line, with JumpCloud's field names."),
    ] = False,
) -> None:
    """List the users of the built-in directory with what imports say of them."""
    rows = find_users(search, state)
    note_reading("users", "json" if as_json else "table", search=search, state=state, limit=limit)
    if as_json:
        _print_users(rows[:limit] if limit else rows)
        return
    limit = USERS_SHOWN if limit is None else limit
    total = rows.count()
    shown = rows[:limit] if limit else rows
    console = output()
    _show_users(console, shown.values(*FIELDS).iterator())
    if total == 0:
        console.print(_why_nobody(search, state))
    elif limit and total > limit:
        console.print(
            f"{limit:,} of {counted(total, 'user')}; --limit 0 shows all, --search finds one."
        )


def _why_nobody(search: str, state: str) -> str:
    if search or state:
        return "No user matches; `rollcall users` without --search and --state shows everybody."
    return "No users yet. `rollcall import` brings them in."


@users_app.command("unlink")
@ready
def unlink(
    user: Annotated[str, typer.Argument(metavar="USER", help="The user's e-mail, username or id.")],
    source: Annotated[
        str,
        typer.Option(metavar="ACCOUNT", help="Only from this account's employee, e.g. csv:acme."),
    ] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Take a user's link to their employee away.

    The next import treats the user as somebody who was not imported: it neither changes nor
    suspends them, and makes the user that of an employee with the same e-mail only with a tick
    (`rollcall import --adopt`). Values, groups and applications stay.

    Exit status: 0 done · 1 there is no such user, or no source knows the user · 4 the database
    could not be reached.
    """
    from django.db.models import Q

    from rollcall.core.emails import normalize
    from rollcall.directory import services
    from rollcall.directory.models import User
    from rollcall.directory.services import Refused

    named = Q(email=normalize(user)) | Q(username__iexact=user) | Q(pk=user)
    # Two are enough to see that it is not one.
    people = list(User.objects.filter(named)[:2])
    if len(people) > 1:
        ids = " and ".join(person.pk for person in people)
        raise stop(Exit.ATTENTION, f"several users are called {user}: say the id, {ids}")
    if not people:
        raise stop(Exit.ATTENTION, f"no user is called {user}; see `rollcall users --search`")
    [person] = people
    _see_that_there_is_a_link(person, source)
    if not yes:
        typer.confirm(f"Unlink {person.username} ({person.email})?", abort=True)
    [result] = services.unlink_users(operator(), [person.pk], source)
    if isinstance(result, Refused):  # somebody else was quicker
        raise stop(Exit.ATTENTION, f"{person.username} is linked to no employee{_at(source)}")
    output().print(f"{person.username} is linked to no employee{_at(source)} any more.")


def _see_that_there_is_a_link(person: User, source: str) -> None:
    """Stop before anything is asked where there is nothing to unlink."""
    accounts = sorted(person.sources)
    if source in accounts or (accounts and not source):
        return
    line = f"{person.username} is linked to no employee{_at(source)}"
    if accounts:
        line += f", but to one of {' and one of '.join(accounts)}"
    raise stop(Exit.ATTENTION, line)


def _at(source: str) -> str:
    return f" of {source}" if source else ""


def _print_users(rows: QuerySet[Any]) -> None:
    """Each user on a line, as the API gives one; what a user does not have is null."""
    from rollcall.api.jumpcloud import serializers
    from rollcall.directory.models import Organization, User

    organization = Organization.the().pk
    # The keys first and users a thousand at a time, so that any number of them fits into memory.
    left = rows.values_list("pk", flat=True).iterator()
    while some := list(islice(left, AT_ONCE)):
        written = {
            user["_id"]: user
            for user in serializers.users(User.objects.filter(pk__in=some), organization)
        }
        for key in some:
            # The API leaves out what is empty; here every line has every key, for whoever reads
            # columns.
            print_json_line({**dict.fromkeys(serializers.OMITTED_WHEN_NONE), **written[key]})


def find_users(search: str, state: str) -> QuerySet[Any]:
    """The users in this state (any without one) whom the search finds, by name."""
    from rollcall.directory.models import User

    rows = User.objects.search(search).by_name()
    if state:
        words = {
            "staged": "STAGED",
            "active": "ACTIVATED",
            "activated": "ACTIVATED",
            "suspended": "SUSPENDED",
        }
        if state.lower() not in words:
            raise stop(Exit.USAGE, f"--state {state}: use staged, active or suspended")
        rows = rows.filter(state=words[state.lower()])
    return rows


def _show_users(console: Any, rows: Any) -> None:
    """A table where there is room for it; below, a paragraph for each user."""
    # A dozen columns: in less room every cell would break over several lines.
    if console.width < 200:
        for row in rows:
            _show_as_paragraph(console, row)
        return
    table = Table()
    for field in FIELDS:
        table.add_column(_title(field), no_wrap=True)
    for row in rows:
        table.add_row(*(escape(_cell(row, field)) for field in FIELDS))
    if table.row_count:
        console.print(table)


def _show_as_paragraph(console: Any, row: dict[str, Any]) -> None:
    name = escape(f"{row['firstname']} {row['lastname']}".strip() or row["username"])
    state = _cell(row, "state")
    console.print(f"[bold]{name}[/]  {state}  {escape(row['email'])}", highlight=False)
    for field in FIELDS[5:]:
        if row[field]:
            console.print(f"    {_title(field):<16}{escape(row[field])}", highlight=False)


def _title(field: str) -> str:
    from rollcall.directory.labels import field_label

    return field_label(field.partition("__")[0])


def _cell(row: dict[str, Any], field: str) -> str:
    from rollcall.directory.labels import state_word

    return state_word(row["state"]) if field == "state" else row[field] or ""
