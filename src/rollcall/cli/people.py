"""`rollcall people`: find everything that is kept of a person, give it out, erase it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from rollcall.cli.console import output, print_json, print_json_line
from rollcall.cli.exits import Exit, stop
from rollcall.cli.importing import JsonOption
from rollcall.cli.operator import note_reading, operator
from rollcall.cli.setup import make_ready

if TYPE_CHECKING:
    from rollcall.imports.tombstones import Grave
    from rollcall.privacy.subject import Subject

people_app = typer.Typer(
    help="What is kept of a person, in every room: found, given out, erased.",
    no_args_is_help=True,
)

Person = Annotated[
    str,
    typer.Argument(
        metavar="PERSON",
        help="An e-mail, a username, the id of a user or the id that a source knows them by; "
        "user:ID or account:ID where a name means several people.",
    ),
]


@people_app.command("find")
def find(person: Person, as_json: JsonOption = False) -> None:
    """Say how much is kept of a person, and where.

    Who was erased is told by the id that the source knows them by. Where nobody is called exactly
    that, the first twenty users are told in whose names it occurs, neither case nor accents
    counting.

    Exit status: 0 something is kept · 1 nothing is · 4 the database could not be reached.
    """
    from rollcall.imports import tombstones
    from rollcall.privacy import people

    graves = tombstones.find(person)
    subjects = people.identify(person)
    if not graves and not any(people.find(subject) for subject in subjects):
        subjects = people.search(person)
    note_reading("person", "json" if as_json else "table", person=True)
    if as_json:
        kept = [{"person": s.key, "records": people.find(s), "erased_on": None} for s in subjects]
        print_json([*kept, *map(_grave, graves)])
    else:
        for subject in subjects:
            _print_counts(subject)
        for grave in graves:
            line = f"{grave.name}: erased on {grave.day}, and left out of imports"
            output().print(line, highlight=False, markup=False)
    if not graves and not any(people.find(subject) for subject in subjects):
        raise stop(Exit.ATTENTION, "nothing is kept of anybody who is called that")


@people_app.command("export")
def export(person: Person) -> None:
    """Print everything that is kept of a person: a JSON object a line, without secrets.

    Exit status: 0 done · 1 nothing is kept · 2 several people are called that · 4 the database
    could not be reached.
    """
    from rollcall.privacy import people

    subject = _the(person)
    # Noted before the first line: who breaks off has read all the same.
    note_reading("person", "json", person=True)
    for row in people.export(subject):
        print_json_line(row)


@people_app.command("erase")
def erase(
    person: Person,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Erase everything that is kept of a person, and keep the audit log without them.

    The user, the account, what imports noted and e-mails to them are deleted. Events stay,
    without what they say of the person. Then the database's file is written anew, so that
    nothing is left in it; backups keep what they hold. Imports leave the person out from then on,
    and say so, until `rollcall people readmit`.

    Exit status: 0 done · 1 nothing is kept, or the file could not be written anew · 2 several
    people are called that, or something stands in the way · 4 the database could not be reached.
    """
    from rollcall.accounts.errors import LastAdministratorError
    from rollcall.database.compacting import compact
    from rollcall.privacy import people

    subject = _the(person)
    try:
        people.allow_erasing(subject)
        if not yes:
            _print_counts(subject)
            typer.confirm("Erase this person? It cannot be undone.", abort=True)
        counts = people.erase(subject, operator())
    except LastAdministratorError:
        line = "this is the last administrator: make another one first (`rollcall admin create`)"
        raise stop(Exit.USAGE, line) from None
    if as_json:
        print_json(counts)
    else:
        _print_erased(counts)
    # What a database deletes stays in its file until the space is used again.
    if not compact():
        raise stop(
            Exit.ATTENTION,
            "the person is erased, but the database's file still holds what was deleted, since "
            "somebody else is using it: stop Rollcall, or do the same once more later",
        )


def _print_erased(counts: Mapping[str, int]) -> None:
    for name, count in counts.items():
        if count:
            output().print(f"{name}: {count:,}", highlight=False, markup=False)


@people_app.command("readmit")
def readmit(
    person: Annotated[
        str,
        typer.Argument(
            metavar="PERSON",
            help="The id that the source knows the erased person by; ACCOUNT:ID where several "
            "accounts have it.",
        ),
    ],
) -> None:
    """Let an erased person be imported again: the next import makes them a user.

    Exit status: 0 done · 1 nobody with this id was erased · 2 several people have this id · 4 the
    database could not be reached.
    """
    from rollcall.imports import tombstones

    graves = tombstones.find(person)
    if len(graves) > 1:
        names = ", ".join(grave.name for grave in graves)
        raise stop(Exit.USAGE, f"several people are called that: {names}")
    if not graves:
        raise stop(Exit.ATTENTION, "nobody with this id was erased")
    tombstones.readmit(operator(), graves[0])
    line = f"{graves[0].name}: the next import takes this person in again"
    output().print(line, highlight=False, markup=False)


def _grave(grave: Grave) -> dict[str, object]:
    return {"person": grave.name, "records": {}, "erased_on": grave.day.isoformat()}


def _the(person: str) -> Subject:
    """The one person who is called that."""
    from rollcall.privacy import people

    subjects = people.identify(person)
    if len(subjects) > 1:
        names = ", ".join(subject.key for subject in subjects)
        raise stop(Exit.USAGE, f"several people are called that: {names}")
    if not subjects or not people.find(subjects[0]):
        line = "nothing is kept of anybody who is called that"
        if people.search(person):
            line += "; `rollcall people find` tells who has a name like it"
        raise stop(Exit.ATTENTION, line)
    return subjects[0]


def _print_counts(subject: Subject) -> None:
    from rollcall.privacy import people

    label = f"  {subject.label}" if subject.label != subject.key else ""
    output().print(f"{subject.key}{label}", highlight=False, markup=False)
    for name, counts in people.find(subject).items():
        output().print(f"  {name}: {sum(counts.values()):,}", highlight=False, markup=False)


make_ready(people_app)
