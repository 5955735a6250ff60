"""Watches a run from the terminal until it ends, with progress bars."""

from __future__ import annotations

import time
from dataclasses import dataclass
from uuid import UUID

from django.db import DatabaseError, connections
from django.utils import timezone
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)
from rich.text import Text

from rollcall.cli.console import errors
from rollcall.database.errors import may_pass
from rollcall.imports.labels import state_label
from rollcall.imports.models import ACTIVE_STATES, Run, RunState
from rollcall.imports.source_accounts import source_label
from rollcall.jobs import patience

LOOK_SECONDS = (0.1, 0.5)
"""Between two looks: at first, and at the most in a long import, which each look slows."""

LATE = 1 / 40
"""How late the end may be seen, as a share of the time that the import took."""
WAITS = "Waiting for the database; the import goes on by itself."
_ORDER = (RunState.FETCHING, RunState.PLANNING, RunState.APPLYING, RunState.LINKING)
_REACHED = {
    **{state: place for place, state in enumerate(_ORDER)},
    RunState.REVIEW: 1,
    RunState.STOPPED: 1,
    RunState.COMPLETED: len(_ORDER),
}


def follow(run_id: UUID) -> Run:
    """Show the run's progress until it is no longer at work; the run as it ended."""
    with Progress(
        TextColumn("{task.description:<34}"),
        BarColumn(),
        _Count(),
        TimeElapsedColumn(),
        console=errors(),
    ) as progress:
        bars, said, began = _Bars(progress, {}), "", time.monotonic()
        while True:
            run = _look(run_id)
            waits = WAITS if run is None or patience.is_waiting() else _waits_for_source(run)
            if waits and waits != said:
                progress.console.print(waits)
            said = waits
            if run is not None:
                bars.show(run)
                if run.state not in ACTIVE_STATES:
                    # Where nothing is drawn over, half a bar would stand beside the line that says
                    # why.
                    if run.error_code and not progress.console.is_terminal:
                        bars.hide()
                    return run
            time.sleep(_pause(time.monotonic() - began))


def _pause(so_far: float) -> float:
    """How many seconds until the next look, after so many."""
    least, most = LOOK_SECONDS
    return min(max(least, so_far * LATE), most)


def _waits_for_source(run: Run) -> str:
    if run.next_try_at is None:
        return ""
    time_of_day = timezone.localtime(run.next_try_at).strftime("%H:%M:%S")
    return f"Waiting for {source_label(run.account_key)}, which is away; next try at {time_of_day}."


def _look(run_id: UUID) -> Run | None:
    """The run as it stands; None where nobody can look just now, since the database is away."""
    try:
        return Run.objects.get(pk=run_id)
    except DatabaseError as error:
        if not may_pass(error):
            raise
        # A broken connection stays broken: the next look begins with a new one.
        connections.close_all()
        return None


class _Count(ProgressColumn):
    """How many of how many, written as everywhere: 4,678/10,000."""

    def render(self, task: Task) -> Text:
        """The numbers of this stretch; nothing where nothing is counted."""
        if not task.fields.get("counted", True):
            return Text()
        of = "" if task.total is None else f"/{int(task.total):,}"
        return Text(f"{int(task.completed):,}{of}", style="progress.download")


@dataclass(frozen=True, slots=True)
class _Bars:
    progress: Progress
    tasks: dict[RunState, TaskID]

    def hide(self) -> None:
        """Leave nothing behind: what went wrong is told in one line."""
        for task in self.tasks.values():
            self.progress.remove_task(task)

    def show(self, run: Run) -> None:
        """Bring the bars to where the run stands; a run that failed leaves them as they were."""
        reached = _REACHED.get(RunState(run.state))
        if reached is None:
            return
        for place, stretch in enumerate(_ORDER[: reached + 1]):
            self._show_one(stretch, run, done=place < reached)

    def _show_one(self, stretch: RunState, run: Run, *, done: bool) -> None:
        completed, total = _measure(stretch, run, done=done)
        counted = bool(completed or total)
        if done:
            # A stretch in which nothing was to be done is done, too.
            completed = total = total or completed or 1
        if stretch not in self.tasks:
            self.tasks[stretch] = self.progress.add_task(_said(stretch, run), total=None)
        self.progress.update(self.tasks[stretch], completed=completed, total=total, counted=counted)


def _said(stretch: RunState, run: Run) -> str:
    words = state_label(stretch)
    if stretch == RunState.FETCHING:
        return f"{words} from {source_label(run.account_key)}"
    return words


def _measure(stretch: RunState, run: Run, *, done: bool) -> tuple[int, int | None]:
    """How far this stretch of the run is, and of how much; 0 of None where nothing is counted."""
    if stretch == RunState.FETCHING:
        return run.fetched, run.expected
    if stretch == RunState.APPLYING:
        return run.applied, run.to_apply
    # Who is planned is counted at the end; until then the bar moves without a number.
    return (run.fetched, run.fetched) if stretch == RunState.PLANNING and done else (0, None)
