"""Runs, changes and users as tables for people and as JSON for machines."""

from __future__ import annotations

import shlex
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db.models import QuerySet
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from rollcall.cli.console import as_json
from rollcall.database.bulk_insert import in_parts
from rollcall.imports import reasons, ticks
from rollcall.imports.accounting import RESULT_ORDER, adds_up, needing_attention, time_taken
from rollcall.imports.labels import result_label, state_label
from rollcall.imports.models import ChangeRecord, Run, RunState
from rollcall.imports.presenter import Names, counts_in_words, differences, warnings, what, why
from rollcall.imports.source_accounts import source_of
from rollcall.provisioning.change import NEEDS_ATTENTION, RESULT_OF, Kind
from rollcall.provisioning.consent import Consent

ATTENTION_SHOWN = 20
AT_ONCE = 1000
UNDECIDED = {RunState.FAILED.value: "failed", RunState.CANCELLED.value: "skipped"}
NARROW = 72
"""Columns of a terminal below which a table of runs would break every word."""
RUN_COLUMNS = ("Run", "Started", "By", "State", "Fetched", "Result")
_COLOUR = {"created": "green", "conflict": "yellow", "invalid": "yellow", "failed": "red"}


def run_json(run: Run) -> dict[str, Any]:
    """The run as `rollcall runs --json` gives it."""
    return {
        "run": run.number,
        "id": str(run.pk),
        "state": run.state,
        "trigger": run.trigger,
        "started_by": run.started_by,
        "source": run.connection.source,
        "account": run.address,
        "directory": run.target,
        "started_at": run.started_at.isoformat(),
        "finished_at": run.finished_at and run.finished_at.isoformat(),
        "fetched": run.fetched,
        **results(run),
        "complete_read": run.complete,
        "counts": run.counts,
        "error_code": run.error_code,
        "error": run.error,
        "warnings": warnings(run),
        "requests": {"source": run.source_requests, "directory": run.target_requests},
        "seconds": round(time_taken(run).total_seconds(), 3),
    }


def results(run: Run) -> dict[str, int]:
    """The number of employees by result, in a plan as they would come out; they add up."""
    counted = {result.value: run.counts.get(result.value, 0) for result in RESULT_ORDER}
    for kind, result in RESULT_OF.items():
        if kind.value != result.value:
            counted[result.value] += run.counts.get(kind.value, 0)
    if run.state in UNDECIDED:  # it ended before a plan was made of what had been fetched
        counted[UNDECIDED[run.state]] += run.fetched - sum(counted.values())
    return counted


def print_with_changes(run: Run, rows: QuerySet[ChangeRecord]) -> None:
    """The run and these changes as one JSON document; few of many changes are in memory at once."""
    write = sys.stdout.write
    write(as_json(run_json(run), indent=2).removesuffix("\n}"))
    write(',\n  "changes": [')
    separator = "\n    "
    source = source_of(run)
    for row, username in _with_usernames(rows):
        write(separator + as_json(change_json(row, username, source)))
        separator = ",\n    "
    write("\n  ]\n}\n")


def _with_usernames(rows: QuerySet[ChangeRecord]) -> Iterator[tuple[ChangeRecord, str | None]]:
    """Each change with the username that its user has in our directory, or is to get."""
    from rollcall.directory.models import User

    for some in in_parts(rows.iterator(chunk_size=AT_ONCE), AT_ONCE):
        asked = User.objects.filter(id__in={row.user_id for row in some if row.user_id})
        names = dict(asked.values_list("id", "username"))
        for row in some:
            yield row, names.get(row.user_id) or row.change.after("username")


def change_json(row: ChangeRecord, username: str | None, source: str) -> dict[str, Any]:
    """The change as `rollcall import --json` and `rollcall runs show --json` give it."""
    change, outcome = row.change, row.outcome
    error = outcome and outcome.error
    return {
        "employee_id": row.employee_id,
        "row": row.row,
        "asks": row.asks or None,
        "ticked": row.ticked if row.asks else None,
        "name": row.name,
        "email": row.email,
        "username": username,
        "kind": row.kind,
        "outcome": row.result or None,
        "user_id": row.user_id or None,
        "fields": [field._asdict() for field in change.fields],
        "reason": reasons.text(change.reason, source),
        "reason_code": change.reason.code,
        "error": error and reasons.text(error, source),
        "with": list(change.with_whom),
        "warnings": [reasons.text(warning, source) for warning in change.warnings],
    }


def show_result(console: Console, run: Run) -> None:
    """The result table of a run, whose counts add up, and the employees to look at."""
    table = Table(title=f"Import {run.number}: {state_label(run.state)}", title_justify="left")
    table.add_column("Result")
    table.add_column("Employees", justify="right")
    for result in RESULT_ORDER:
        colour = _COLOUR.get(result.value, "")
        word = result_label(result)
        label = f"[{colour}]{word}[/]" if colour else word
        table.add_row(label, f"{run.counts.get(result.value, 0):,}")
    table.add_section()
    table.add_row("[bold]Fetched[/]", f"[bold]{run.fetched:,}[/]")
    console.print(table)
    if run.counts and not adds_up(run):
        console.print("The counts do not add up to the employees fetched: please report this.")
    show_warnings(console, run)
    show_attention(console, run)


def show_waiting(console: Console, run: Run) -> None:
    """How many of a plan need a tick, and how it is given here."""
    asked = Counter(ticks.waiting(run.changes.order_by()).values_list("asks", flat=True))
    if number := asked[Consent.ADOPT.value]:
        need = "needs" if number == 1 else "need"
        line = f"{number:,} {need} a tick before a user becomes theirs: add --adopt"
        console.print(line, highlight=False)
    if asked[Consent.SAME_PERSON.value]:
        people = ticks.waiting(run.changes.filter(asks=Consent.SAME_PERSON.value))
        ids = list(people.order_by("seq").values_list("employee_id", flat=True)[:ATTENTION_SHOWN])
        # Quoted for a shell, since an id is the source's text.
        options = " ".join(f"--same-person {shlex.quote(id_)}" for id_ in ids)
        console.print(f"Who may have been hired again: add {escape(options)}", highlight=False)


def show_warnings(console: Console, run: Run) -> None:
    """What to know about the run as a whole."""
    for warning in warnings(run):
        console.print(f"[yellow]![/] {escape(warning)}", soft_wrap=True)


def show_attention(console: Console, run: Run) -> None:
    """The employees to look at, each with the reason; the first few where there are many."""
    rows = run.changes.filter(result__in=[result.value for result in NEEDS_ATTENTION])
    show_changes(console, rows[:ATTENTION_SHOWN], title="Needs attention")
    more = needing_attention(run) - ATTENTION_SHOWN
    if more > 0:
        console.print(f"… and {more:,} more: rollcall runs show {run.number} --attention")


def show_changes(console: Console, rows: Iterable[ChangeRecord], title: str) -> None:
    """These changes with their reasons; nothing where there are none.

    Of many, a table for each thousand: few are in memory at once, and the first ones soon seen.
    """
    for changes in in_parts(rows, AT_ONCE):
        _show_some(console, changes, title)
        title = ""


def _show_some(console: Console, changes: Sequence[ChangeRecord], title: str) -> None:
    table = Table(title=title or None, title_justify="left")
    for name in ("Employee", "Name", "What", "Why"):
        table.add_column(name, overflow="fold")
    run = changes[0].run
    names, source = Names(run), source_of(run)
    names.learn(changes)
    for row in changes:
        table.add_row(
            escape(row.employee_id), escape(row.name), what(row), escape(_why(row, names, source))
        )
    console.print(table)


def _why(row: ChangeRecord, names: Names, source: str) -> str:
    # Of a new user every field differs from nothing: values of everybody would fill the screen.
    if row.kind == Kind.CREATE:
        return why(row, source, names)
    fields = (f"{f.label}: {f.before or '–'} → {f.after or '–'}" for f in differences(row, names))
    return "\n".join([why(row, source, names), *fields])


def show_runs(console: Console, runs: Iterable[Run]) -> None:
    """A line for each run, the newest first; where there is no room for a table, a paragraph."""
    rows = [_cells(run) for run in runs]
    if not rows:
        console.print("No import has been run yet. Start one with `rollcall import`.")
    elif console.width < NARROW:
        for row in rows:
            _show_as_paragraph(console, row)
    else:
        table = Table()
        for name in RUN_COLUMNS:
            table.add_column(name, overflow="fold")
        for row in rows:
            table.add_row(*row)
        console.print(table)


def _cells(run: Run) -> tuple[str, ...]:
    return (
        str(run.number),
        run.started_at.strftime("%Y-%m-%d %H:%M"),
        escape(run.started_by or run.trigger),
        state_label(run.state),
        f"{run.fetched:,}",
        counts_in_words(run),
    )


def _show_as_paragraph(console: Console, row: Sequence[str]) -> None:
    number, started, by, state, fetched, result = row
    console.print(f"[bold]{number}[/]  {started}  {state}", highlight=False)
    for name, value in zip(RUN_COLUMNS[2:], (by, "", fetched, result), strict=True):
        if value:
            console.print(f"    {name:<9}{value}", highlight=False)
