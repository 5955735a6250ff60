"""`rollcall plan` and `rollcall import`: preview an import, and carry one out."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rollcall.cli.console import errors, output
from rollcall.cli.exits import OF_ERROR_CODE, Exit, stop
from rollcall.cli.operator import operator
from rollcall.cli.setup import ready
from rollcall.core.text import counted

if TYPE_CHECKING:
    from rollcall.imports.models import Connection, Run
    from rollcall.imports.options import Options
    from rollcall.sources.base import Account, SourceKind

ReactivateOption = Annotated[
    bool,
    typer.Option(
        "--reactivate", help="Let suspended users whose employee is back at work become active."
    ),
]
MaxSuspensionsOption = Annotated[
    int | None,
    typer.Option(
        "--max-suspensions",
        min=0,
        help="Stop before writing if more users than this would be suspended. "
        "Without it: more than ten, and more than a tenth of the imported users.",
    ),
]
MaxEmptiedOption = Annotated[
    int | None,
    typer.Option(
        "--max-emptied",
        min=0,
        help="Stop before writing if more users than this would lose their value of one field. "
        "Without it: more than ten, and more than a fifth.",
    ),
]
MinReadOption = Annotated[
    int | None,
    typer.Option(
        "--min-read",
        min=0,
        max=100,
        metavar="PERCENT",
        help="Stop before writing if fewer employees are read than this share of the imported "
        "users. Without it: 50.",
    ),
]
MapOption = Annotated[
    list[str] | None,
    typer.Option(
        "--map",
        metavar="ATTRIBUTE=FIELD",
        help="Carry one more attribute, e.g. dynamic_612345=attributes.tshirt. Repeatable.",
    ),
]
WithoutOption = Annotated[
    list[str] | None,
    typer.Option(
        "--without",
        metavar="ATTRIBUTE",
        help="Leave an attribute out of this import, e.g. cost_centers. Repeatable.",
    ),
]
FileArgument = Annotated[
    str,
    typer.Argument(
        metavar="[FILE]",
        help="The file of employees to read, with `--source csv`.",
        show_default=False,
    ),
]
SourceOption = Annotated[
    str,
    typer.Option(
        "--source",
        metavar="KIND",
        help="Which kind of source to read: personio or csv. Without it: personio.",
        show_default=False,
    ),
]
DirectoryOption = Annotated[
    str,
    typer.Option(
        "--directory",
        help="Which directory to import into: builtin or jumpcloud. Without it: the one chosen "
        "in the portal under Settings → Directory.",
        show_default=False,
    ),
]
AdoptOption = Annotated[
    bool,
    typer.Option(
        "--adopt",
        help="Let users who were made by hand, through the API or SCIM, or who sign in here become "
        "those of the employees with their e-mail. Without it they are conflicts.",
    ),
]
SamePersonOption = Annotated[
    list[str] | None,
    typer.Option(
        "--same-person",
        metavar="EMPLOYEE",
        help="The id of an employee who was hired again: the user of their older record becomes "
        "theirs. Repeatable. Without it a conflict.",
    ),
]
RunOption = Annotated[
    int | None,
    typer.Option("--run", help="Carry out the plan of this run, as `rollcall plan` showed it."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]

INTERRUPTED = 130
"""The exit status after Ctrl-C, as shells have it."""


@ready
def plan(
    file: FileArgument = "",
    source: SourceOption = "",
    reactivate: ReactivateOption = False,
    max_suspensions: MaxSuspensionsOption = None,
    max_emptied: MaxEmptiedOption = None,
    min_read: MinReadOption = None,
    map_: MapOption = None,
    without: WithoutOption = None,
    directory: DirectoryOption = "",
    adopt: AdoptOption = False,
    same_person: SamePersonOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what an import would do and why, and write nothing.

    The plan is kept: `rollcall import --run NUMBER` carries out exactly what was shown.

    Personio's credentials come from PERSONIO_CLIENT_ID and PERSONIO_CLIENT_SECRET, its address from
    PERSONIO_URL, each from the environment or rollcall.toml; JumpCloud's from JUMPCLOUD_API_KEY,
    JUMPCLOUD_ORG_ID and JUMPCLOUD_URL, or from the portal. A file of employees is named:
    `--source csv people.csv`.

    Exit status: 0 fine · 1 some employees are in conflict or invalid, or need a tick · 2 wrong
    usage or settings · 3 the source refused or could not be reached · 4 the directory did ·
    5 stopped by a safeguard.
    """
    from rollcall.imports import ticks

    brakes = _Brakes(max_suspensions, max_emptied, min_read)
    options = _options(reactivate, brakes, _Mapping(map_, without), _Ticks(adopt, same_person))
    run = _carry_out(_Ends(source, file, directory), options, review=True)
    _show_plan(run, as_json)
    # By kind and not by result: nobody has a result before the plan is carried out.
    attention = run.counts.get("conflict", 0) + run.counts.get("invalid", 0)
    _end(run, attention=attention + ticks.waiting(run.changes.order_by()).count())


def _show_plan(run: Run, as_json: bool) -> None:
    from rollcall.cli import showing
    from rollcall.imports.presenter import counts_in_words

    rows = run.changes.exclude(kind="unchanged")
    if as_json:
        showing.print_with_changes(run, rows)
        return
    console = output()
    showing.show_changes(console, rows.iterator(), title=f"Plan of run {run.number}")
    # A read that failed at once has no counts, and "nothing to do" would be a lie.
    if not run.error_code or run.fetched:
        counts = counts_in_words(run)
        console.print(f"{counted(run.fetched, 'employee')}: {counts or 'nothing to do'}")
    showing.show_warnings(console, run)
    if run.state == "review":
        showing.show_waiting(console, run)
        console.print(f"Nothing was written. Carry it out: rollcall import --run {run.number}")


@ready
def import_(
    file: FileArgument = "",
    run_number: RunOption = None,
    source: SourceOption = "",
    reactivate: ReactivateOption = False,
    max_suspensions: MaxSuspensionsOption = None,
    max_emptied: MaxEmptiedOption = None,
    min_read: MinReadOption = None,
    map_: MapOption = None,
    without: WithoutOption = None,
    directory: DirectoryOption = "",
    adopt: AdoptOption = False,
    same_person: SamePersonOption = None,
    as_json: JsonOption = False,
) -> None:
    """Import the employees of an account into the directory as users.

    An import that was interrupted is finished first, from where it stood. Running it again changes
    nothing that is already right. New users get the organization's default state, which is Staged
    until an administrator says otherwise (`rollcall settings`).

    Personio's credentials come from PERSONIO_CLIENT_ID and PERSONIO_CLIENT_SECRET, its address from
    PERSONIO_URL, each from the environment or rollcall.toml; JumpCloud's from JUMPCLOUD_API_KEY,
    JUMPCLOUD_ORG_ID and JUMPCLOUD_URL, or from the portal. A file of employees is named:
    `--source csv people.csv`.

    Exit status: 0 everything done · 1 some employees are in conflict, invalid or failed · 2 wrong
    usage or settings · 3 the source refused or could not be reached · 4 the directory did ·
    5 stopped by a safeguard.
    """
    from rollcall.imports.accounting import needing_attention

    ticked = _Ticks(adopt, same_person)
    if run_number is not None:
        run = _carry_out_planned(run_number, ticked)
    else:
        brakes = _Brakes(max_suspensions, max_emptied, min_read)
        options = _options(reactivate, brakes, _Mapping(map_, without), ticked)
        run = _carry_out(_Ends(source, file, directory), options, review=False)
    _show_result(run, as_json)
    _end(run, attention=needing_attention(run))


def _show_result(run: Run, as_json: bool) -> None:
    from rollcall.cli import showing

    if as_json:
        showing.print_with_changes(run, run.changes.exclude(kind="unchanged"))
    # Any other end is told in one line (`_end`): counts of half an import would mislead.
    elif run.state == "completed":
        showing.show_result(output(), run)


@dataclass(frozen=True, slots=True)
class _Ends:
    """From where and to where, as the command line gives it; "" is the usual one, or no file."""

    source: str
    file: str
    target: str

    def account(self) -> Account:
        """The account to read, by the settings and the file that was named."""
        from rollcall.project.settings import CONFIGURATION
        from rollcall.sources import registry

        kind = registry.get(self.source or registry.DEFAULT)
        return account_in(kind, CONFIGURATION.values, self.file)


def account_in(kind: SourceKind[Any], settings: Mapping[str, str], file: str) -> Account:
    """The account of this kind that the settings describe, and `file` where one was named.

    Raises:
        Exit: a file was named for a kind of source that is read from none.
        SettingsError: the settings cannot be used.
    """
    from rollcall.core.account_fields import FieldType

    named = {field.variable: file for field in kind.fields if field.type is FieldType.FILE}
    if file and not named:
        line = f"{file}: {kind.label} is not read from a file; for one, say `--source csv {file}`"
        raise stop(Exit.USAGE, line)
    account: Account = kind.account({**settings, **named} if file else settings)
    return account


@dataclass(frozen=True, slots=True)
class _Brakes:
    """The safeguards as the command line gives them; None leaves one as it is."""

    suspensions: int | None
    emptied: int | None
    read_percent: int | None


@dataclass(frozen=True, slots=True)
class _Mapping:
    """The attribute mapping as the command line gives it, beyond and without the default."""

    pairs: list[str] | None
    without: list[str] | None


@dataclass(frozen=True, slots=True)
class _Ticks:
    """What the command line agrees to beforehand: see `Options`."""

    adopt: bool
    same_person: list[str] | None


def _options(reactivate: bool, brakes: _Brakes, mapping: _Mapping, ticked: _Ticks) -> Options:
    from rollcall.imports.options import Options

    extra = []
    for pair in mapping.pairs or []:
        source, equals, target = pair.partition("=")
        if not (source and equals and target):
            raise stop(Exit.USAGE, f"--map {pair}: write it as ATTRIBUTE=FIELD")
        extra.append((source, target))
    options = Options(
        reactivation_allowed=reactivate,
        max_suspensions=brakes.suspensions,
        max_emptied=brakes.emptied,
        min_read_share=None if brakes.read_percent is None else brakes.read_percent / 100,
        without=tuple(mapping.without or ()),
        extra_mapping=tuple(extra),
        adopt=ticked.adopt,
        same_person=tuple(ticked.same_person or ()),
    )
    # Asked here: a mapping that cannot be used ends the command before anything is read.
    options.mapping()
    return options


def _carry_out(ends: _Ends, options: Options, *, review: bool) -> Run:
    """Carry out a new import, after one that was interrupted; the new run as it ended."""
    from rollcall.imports import open_targets, runs

    account = ends.account()
    connection = runs.connection_for(account, ends.target or open_targets.chosen())
    request = runs.Request(connection, account, runs.Starter(operator()), options, review)
    with _at_work():
        # What was interrupted comes first: it may have written half of what the new one would plan
        # on.
        left = _left(connection)
        if left is not None:
            # The interrupted run's own may be gone, or be the wrong ones that interrupted it.
            runs.renew_credentials(left, account)
            (_settle if review else _finish)(left)
        return _watched(runs.start_here(request))


def _carry_out_planned(number: int, ticked: _Ticks) -> Run:
    """Carry out the plan of a run in review, or the rest of it; the run as it ended."""
    from rollcall.imports import runs
    from rollcall.imports.models import Run
    from rollcall.jobs.process import this_process

    planned = Run.objects.select_related("connection").filter(number=number).first()
    if planned is None:
        raise stop(Exit.USAGE, f"there is no run {number}; see `rollcall runs`")
    with _at_work():
        left = _left(planned.connection)
        # The plan itself may be what was interrupted while it was carried out; then this was the
        # rest.
        ended = left and _finish(left)
        if ended is not None and ended.pk == planned.pk:
            return ended
        _tick(planned, ticked)
        return _watched(runs.approve(operator(), planned.pk, executor=this_process().executor))


def _tick(planned: Run, ticked: _Ticks) -> None:
    """Tick what the command line agrees to.

    Raises:
        WrongState: the run is not in review.
    """
    from rollcall.imports import ticks
    from rollcall.provisioning.consent import Consent

    changes = planned.changes.all()
    if ticked.adopt:
        ticks.tick(operator(), planned.pk, changes.filter(asks=Consent.ADOPT.value))
    if ticked.same_person:
        asked = changes.filter(asks=Consent.SAME_PERSON.value, employee_id__in=ticked.same_person)
        unknown = set(ticked.same_person).difference(asked.values_list("employee_id", flat=True))
        if unknown:
            names = ", ".join(sorted(unknown))
            line = f"--same-person: run {planned.number} does not ask about {names}"
            raise stop(Exit.USAGE, line)
        ticks.tick(operator(), planned.pk, asked)


def _left(connection: Connection) -> Run | None:
    """The interrupted run of this connection, now held by this process; None if there is none.

    Raises:
        Overlap: an import of the connection is at work in a living process.
    """
    from rollcall.imports import dispatch, runs
    from rollcall.imports.errors import Overlap

    run = runs.unfinished(connection, connection.lane)
    if run is not None and not dispatch.take_over(run):
        raise Overlap(run)
    return run


def _finish(left: Run) -> Run:
    """Carry out the rest of a run that was interrupted; the run as it ended."""
    from rollcall.imports.labels import state_label

    errors().print(f"Going on with run {left.number}, which was interrupted.")
    ended = _watched(left)
    if ended.error_code:
        line = f"Run {ended.number}: {state_label(ended.state)}. {ended.error}"
        errors().print(line, markup=False)
    return ended


def _settle(left: Run) -> None:
    """Make way for a plan, which writes nothing: an interrupted run may not go on for it.

    Raises:
        Exit: the run has begun to write.
    """
    from rollcall.imports import runs

    if left.state not in ("fetching", "planning"):
        line = f"run {left.number} was interrupted while it wrote; `rollcall import` finishes it"
        raise stop(Exit.USAGE, line)
    runs.cancel(operator(), left.pk)
    errors().print(f"Run {left.number}, interrupted before it wrote anything, is cancelled.")


@contextmanager
def _at_work() -> Iterator[None]:
    """Let this process carry out runs; an interruption stops it at once."""
    from rollcall.jobs import engine

    # what a log would say of the run is told by the command itself
    for room in ("imports", "jobs"):
        logging.getLogger(f"rollcall.{room}").addHandler(logging.NullHandler())
    try:
        with engine.running(queue=engine.own_queue()):
            yield
    except KeyboardInterrupt:
        errors().print("Interrupted.")
        os._exit(INTERRUPTED)


def _watched(run: Run) -> Run:
    """Have this process carry the run out, and watch it to its end."""
    from rollcall.cli.following import follow
    from rollcall.imports import dispatch

    dispatch.begin(run)
    try:
        return follow(run.pk)
    except KeyboardInterrupt:
        errors().print(f"Interrupted. `rollcall import` goes on with run {run.number}.")
        os._exit(INTERRUPTED)  # the run's own threads must stop here and now, as in a power cut


def _end(run: Run, attention: int) -> None:
    """End with the promised exit status, and one line if something went wrong."""
    if run.error_code:
        raise stop(OF_ERROR_CODE[run.error_code], run.error)
    if run.state == "cancelled":
        raise stop(Exit.ATTENTION, f"run {run.number} was cancelled")
    if attention:
        raise typer.Exit(int(Exit.ATTENTION))
