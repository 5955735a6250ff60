"""Runs, changes and users as tables for people and as JSON for machines."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from rollcall.imports.accounting import RESULT_ORDER, adds_up, needing_attention
from rollcall.imports.models import ChangeRecord, Run
from rollcall.provisioning.change import NEEDS_ATTENTION, Kind
from rollcall.provisioning.reason import Reason

ATTENTION_SHOWN = 20
_COLOUR = {"created": "green", "conflict": "yellow", "invalid": "yellow", "failed": "red"}


def run_json(run: Run) -> dict[str, Any]:
    """The run as `rollcall runs --json` gives it."""
    return {
        "run": run.number,
        "id": str(run.pk),
        "state": run.state,
        "trigger": run.trigger,
        "started_by": run.started_by,
        "directory": run.directory,
        "started_at": run.started_at.isoformat(),
        "finished_at": run.finished_at and run.finished_at.isoformat(),
        "fetched": run.fetched,
        "complete_read": run.complete,
        "counts": run.counts,
        "error_code": run.error_code,
        "error": run.error,
        "warnings": [Reason.from_record(one).text() for one in run.warnings],
    }


def change_json(row: ChangeRecord) -> dict[str, Any]:
    """The change as `rollcall runs show --json` gives it."""
    return {
        "employee_id": row.employee_id,
        "name": row.name,
        "email": row.email,
        "kind": row.kind,
        "result": row.result or None,
        "user_id": row.user_id or None,
        "fields": [
            {"field": f, "before": before, "after": after} for f, before, after in row.fields
        ],
        "reason": Reason.from_record(row.reason).text(),
        "reason_code": row.reason["code"],
        "error": row.error and Reason.from_record(row.error).text(),
        "with": row.with_whom,
        "warnings": [Reason.from_record(one).text() for one in row.warnings],
    }


def show_result(console: Console, run: Run) -> None:
    """The result table of a run, whose counts add up, and the employees to look at."""
    table = Table(title=f"Import {run.number}: {run.get_state_display()}", title_justify="left")
    table.add_column("Result")
    table.add_column("Employees", justify="right")
    for result in RESULT_ORDER:
        colour = _COLOUR.get(result.value, "")
        label = f"[{colour}]{result.value}[/]" if colour else result.value
        table.add_row(label, f"{run.counts.get(result.value, 0):,}")
    table.add_section()
    table.add_row("[bold]fetched[/]", f"[bold]{run.fetched:,}[/]")
    console.print(table)
    if run.counts and not adds_up(run):
        console.print("The counts do not add up to the employees fetched: please report this.")
    show_warnings(console, run)
    show_attention(console, run)


def show_warnings(console: Console, run: Run) -> None:
    """What to know about the run as a whole."""
    for warning in run.warnings:
        console.print(f"[yellow]![/] {escape(Reason.from_record(warning).text())}", soft_wrap=True)


def show_attention(console: Console, run: Run) -> None:
    """The employees to look at, each with the reason; the first few where there are many."""
    rows = run.changes.filter(result__in=[one.value for one in NEEDS_ATTENTION])
    show_changes(console, rows[:ATTENTION_SHOWN], title="Needs attention")
    more = needing_attention(run) - ATTENTION_SHOWN
    if more > 0:
        console.print(f"… and {more:,} more: rollcall runs show {run.number} --attention")


def show_changes(console: Console, rows: Iterable[ChangeRecord], title: str) -> None:
    """These changes with their reasons; nothing where there are none."""
    table = Table(title=title, title_justify="left")
    for name in ("Employee", "Name", "What", "Why"):
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(
            escape(row.employee_id), escape(row.name), row.result or row.kind, escape(_why(row))
        )
    if table.row_count:
        console.print(table)


def _why(row: ChangeRecord) -> str:
    reason = Reason.from_record(row.error or row.reason).text()
    fields = [f"{f}: {before or '–'} → {after or '–'}" for f, before, after in row.fields]
    if row.kind == Kind.CREATE or not fields:
        fields = []
    warnings = [f"Note: {Reason.from_record(one).text()}" for one in row.warnings]
    return "\n".join([reason, *fields, *warnings])


def show_runs(console: Console, runs: Iterable[Run]) -> None:
    """One line a run, the newest first."""
    table = Table()
    for name in ("Run", "Started", "By", "State", "Fetched", "Result"):
        table.add_column(name, overflow="fold")
    for run in runs:
        counts = ", ".join(f"{number:,} {name}" for name, number in run.counts.items())
        started = run.started_at.strftime("%Y-%m-%d %H:%M")
        by = run.started_by or run.trigger
        table.add_row(str(run.number), started, escape(by), run.state, f"{run.fetched:,}", counts)
    if table.row_count:
        console.print(table)
    else:
        console.print("No import has been run yet. Start one with `rollcall import`.")
