"""`rollcall groups`: people of an import go into user groups, applications are bound to them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from rollcall.cli.console import output, print_json
from rollcall.cli.exits import Exit, stop
from rollcall.cli.importing import DirectoryOption, JsonOption
from rollcall.cli.operator import note_reading, operator
from rollcall.cli.setup import ready, ready_alone
from rollcall.core.searching import searchable
from rollcall.core.text import counted

if TYPE_CHECKING:
    from rollcall.imports.models import Run
    from rollcall.targets.groups import Application, Group, Groups

groups_app = typer.Typer(
    help="User groups and applications: who is in a group, and what it is bound to.",
    invoke_without_command=True,
)

LONGEST_NAME = 255
AT_ONCE = 500
MOST_IDS = 5
GroupArgument = Annotated[str, typer.Argument(metavar="GROUP", help="The group's name or id.")]


@groups_app.callback()
@ready_alone
def groups(
    context: typer.Context, directory: DirectoryOption = "", as_json: JsonOption = False
) -> None:
    """List the user groups; `rollcall groups show GROUP` says who is in one."""
    with _groups_of(directory) as known:
        listed = sorted(known.groups(), key=lambda group: searchable(group.name))
    if as_json:
        print_json([_group_json(group) for group in listed])
        return
    table = Table()
    for name in ("Group", "Members come", "Id"):
        table.add_column(name, overflow="fold")
    for group in listed:
        table.add_row(escape(group.name), _how(group), group.id)
    output().print(table if listed else "No user groups. `rollcall groups add` makes one.")


@groups_app.command("show")
@ready
def show(
    group: GroupArgument, directory: DirectoryOption = "", as_json: JsonOption = False
) -> None:
    """Show one user group: its members, and the applications that it is bound to.

    Members of a group in JumpCloud are told by name where an import of Rollcall has met them.

    Exit status: 0 done · 2 there is no such group · 4 the directory refused or could not be
    reached.
    """
    from rollcall.imports import open_targets

    with _groups_of(directory) as known:
        chosen = _existing(group, known)
        bound = known.bound(chosen.id)
        applications = [one for one in known.applications() if one.id in bound]
        is_ours = (directory or open_targets.chosen()) == open_targets.BUILTIN
        names = _names(known.members(chosen.id), is_ours=is_ours)
    note_reading("group members", "json" if as_json else "table")
    if as_json:
        members = [{"id": id_, "name": name} for id_, name in names.items()]
        bound_to = [{"id": one.id, "label": one.label} for one in applications]
        print_json({**_group_json(chosen), "members": members, "applications": bound_to})
        return
    console = output()
    console.print(f"{chosen.name} ({chosen.id})", highlight=False, markup=False)
    labels = [f"{application.label} ({application.id})" for application in applications]
    line = f"Bound to {', '.join(labels)}." if labels else "Bound to no application."
    console.print(line, highlight=False, markup=False)
    console.print(f"{counted(len(names), 'member')}, {_how(chosen)}.", highlight=False)
    for id_, name in names.items():
        console.print(f"  {id_}  {name}".rstrip(), highlight=False, markup=False)


@groups_app.command("applications")
@ready
def applications(directory: DirectoryOption = "", as_json: JsonOption = False) -> None:
    """List the applications with their ids, which tell apart those of one label.

    Exit status: 0 done · 4 the directory refused or could not be reached.
    """
    with _groups_of(directory) as known:
        listed = sorted(known.applications(), key=lambda one: (searchable(one.label), one.id))
    if as_json:
        print_json([{"id": one.id, "label": one.label} for one in listed])
        return
    table = Table()
    for name in ("Application", "Id"):
        table.add_column(name, overflow="fold")
    for application in listed:
        table.add_row(escape(application.label), application.id)
    output().print(table if listed else "No applications. The portal makes one.")


@groups_app.command("add")
@ready
def add(
    group: GroupArgument,
    run_number: Annotated[int, typer.Option("--run", help="The import whose people are added.")],
    directory: DirectoryOption = "",
    as_json: JsonOption = False,
) -> None:
    """Add everybody of an import to a user group, which is made if there is none of this name.

    Everybody who came out created, updated, activated, reactivated or unchanged, and is not
    suspended. Who is a member already is left alone, and nobody is removed.

    Exit status: 0 done · 1 somebody could not be added · 2 wrong usage · 4 the directory refused
    or could not be reached.
    """
    from rollcall.imports.people import ids_of_everyone

    run = _ended_run(run_number, directory)
    with _groups_of(run.target) as known:
        chosen = _group(group, known) or _made(group, known, run.target)
        # The directory would take somebody out again at its next look at the rule.
        if chosen.dynamic:
            raise stop(Exit.USAGE, f"the members of {chosen.name} are chosen by a rule of its own")
        done = known.add_members(chosen.id, ids_of_everyone(run))
    if as_json:
        failed = {user: why.text() for user, why in done.failed.items()}
        print_json({**_group_json(chosen), "added": sorted(done.added), "failed": failed})
    else:
        people = "1 person was" if len(done.added) == 1 else f"{len(done.added):,} people were"
        output().print(f"{people} added to {chosen.name}.", highlight=False, markup=False)
        for user, why in done.failed.items():
            output().print(f"  {user}: {why.text()}", highlight=False, markup=False)
    if done.failed:
        raise typer.Exit(int(Exit.ATTENTION))


@groups_app.command("bind")
@ready
def bind(
    group: GroupArgument,
    application: Annotated[
        str, typer.Argument(metavar="APPLICATION", help="The application's label or id.")
    ],
    directory: DirectoryOption = "",
) -> None:
    """Bind an application to a user group: its members have access to the application.

    Exit status: 0 done · 2 wrong usage · 4 the directory refused or could not be reached.
    """
    with _groups_of(directory) as known:
        chosen = _existing(group, known)
        wanted = _application(application, known)
        known.bind(chosen.id, wanted.id)
    output().print(f"{chosen.name} is bound to {wanted.label}.", highlight=False, markup=False)


def _made(group: str, known: Groups, directory: str) -> Group:
    """A new group of this name; says on the error output which other one it looks like."""
    from rollcall.directory.lookalikes import report_group_names
    from rollcall.directory.models import UserGroup
    from rollcall.imports.open_targets import BUILTIN

    made = known.create(_name(group))
    # Another directory's groups are not here to be compared with.
    here = list(UserGroup.objects.filter(pk=made.id)) if directory == BUILTIN else []
    for twin in report_group_names(operator(), here).values():
        line = f"warning: {made.name} looks like {twin.text} and is another group, in other letters"
        typer.echo(line, err=True)
    return made


@contextmanager
def _groups_of(directory: str) -> Iterator[Groups]:
    """The user groups of the directory of this name, or of the chosen one."""
    from rollcall.imports import open_targets
    from rollcall.targets.base import Origin

    opened = open_targets.open_target(directory or open_targets.chosen(), Origin(actor=operator()))
    try:
        yield opened.groups
    finally:
        opened.close()


def _group(name_or_id: str, known: Groups) -> Group | None:
    # The name first: it is one request, the id takes the whole list.
    named = known.named(name_or_id)
    return named or next((group for group in known.groups() if group.id == name_or_id), None)


def _existing(name_or_id: str, known: Groups) -> Group:
    group = _group(name_or_id, known)
    if group is None:
        raise stop(Exit.USAGE, f"there is no user group {name_or_id}; see `rollcall groups`")
    return group


def _how(group: Group) -> str:
    return "by a rule" if group.dynamic else "by hand or import"


def _names(ids: Collection[str], *, is_ours: bool) -> dict[str, str]:
    """These users' names by their ids, in the order of names; "" where nothing is known."""
    from rollcall.database.bulk_insert import in_parts
    from rollcall.directory.models import User
    from rollcall.imports.models import ChangeRecord

    names = dict.fromkeys(ids, "")
    for some in in_parts(ids, AT_ONCE):
        if is_ours:
            users = User.objects.filter(pk__in=some)
            rows = users.values_list("pk", "firstname", "lastname", "email")
            names.update((id_, f"{first} {last} <{email}>") for id_, first, last, email in rows)
        else:
            met = ChangeRecord.objects.filter(user_id__in=some).order_by("run__number")
            names.update(met.values_list("user_id", "name"))
    return dict(sorted(names.items(), key=lambda item: searchable(item[1])))


def _name(group: str) -> str:
    if not 0 < len(group.strip()) <= LONGEST_NAME:
        raise stop(Exit.USAGE, f"a group's name has 1 to {LONGEST_NAME} characters")
    return group.strip()


def _application(named: str, known: Groups) -> Application:
    fitting = [
        application
        for application in known.applications()
        if named in (application.id, application.label)
    ]
    see = "see `rollcall groups applications`"
    if not fitting:
        raise stop(Exit.USAGE, f"no application has the label or id {named}; {see}")
    # Labels need not be unique, and the wrong application would give away access.
    if len(fitting) > 1:
        ids = ", ".join(application.id for application in fitting[:MOST_IDS])
        line = f"several applications have the label {named}: say one's id ({ids}); {see}"
        raise stop(Exit.USAGE, line)
    return fitting[0]


def _ended_run(number: int, directory: str) -> Run:
    from rollcall.imports.labels import state_label
    from rollcall.imports.models import Run, RunState

    run = Run.objects.filter(number=number).first()
    if run is None:
        raise stop(Exit.USAGE, f"there is no run {number}; see `rollcall runs`")
    if run.state != RunState.COMPLETED:
        words = state_label(run.state)
        line = f"run {number} is not completed ({words}); only a completed one has its people"
        raise stop(Exit.USAGE, line)
    if directory not in ("", run.target):
        raise stop(Exit.USAGE, f"run {number} went to {run.target}, not to {directory}")
    return run


def _group_json(group: Group) -> dict[str, object]:
    return {"id": group.id, "name": group.name, "dynamic": group.dynamic}
