"""Where a run stands, in words and numbers: progress, counts, warnings, what to do next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext, ngettext

from rollcall.imports import accounting, labels
from rollcall.imports.models import ACTIVE_STATES, Run, RunState
from rollcall.imports.source_accounts import source_label
from rollcall.web.shell.text.numbers import grouped

READING = (RunState.FETCHING, RunState.PLANNING)


@dataclass(frozen=True)
class Progress:
    """How far the stretch on hand is; `total` None while nobody knows."""

    label: str
    done: int
    total: int | None

    @property
    def sentence(self) -> str:
        """The progress in words."""
        if self.total is None:
            return f"{self.label}: {grouped(self.done)}" if self.done else self.label
        return gettext("{what}: {done} of {total}").format(
            what=self.label, done=grouped(self.done), total=grouped(self.total)
        )


def progress(run: Run) -> Progress:
    """How far the run is with what it is doing."""
    label = labels.state_label(run.state)
    # Nobody has taken the run yet, whatever its state says it will do first.
    if not run.executor:
        return Progress(gettext("Waiting for a worker"), 0, None)
    if run.next_try_at is not None:
        return Progress(_waiting_for_source(run, run.next_try_at), 0, None)
    if run.state == RunState.FETCHING:
        return Progress(label, run.fetched, run.expected)
    if run.state == RunState.APPLYING:
        # Nobody knows how many until the plan is cut into batches.
        return Progress(label, run.applied, run.to_apply or None)
    if run.state == RunState.LINKING:
        return Progress(label, run.applied, run.to_apply)
    return Progress(label, 0, None)


def _waiting_for_source(run: Run, next_try_at: datetime) -> str:
    return gettext("Waiting for {source}, which is away; next try at {time}").format(
        source=source_label(run.account_key),
        time=time_format(timezone.localtime(next_try_at), "H:i:s"),
    )


def is_live(run: Run) -> bool:
    """Whether the run is small enough for results person by person."""
    # Above it the page would hold tens of thousands of rows, and an e-mail comes at the end.
    return run.fetched < run.live_threshold


def is_at_work(run: Run) -> bool:
    """Whether somebody carries the run out, or is about to."""
    return run.state in ACTIVE_STATES


def needing_attention(run: Run) -> int:
    """How many people of an ended run need a look."""
    return accounting.needing_attention(run) if run.state in RETRYABLE else 0


RETRYABLE = (RunState.COMPLETED, RunState.FAILED)


def can_be_cancelled(run: Run) -> bool:
    """Whether the run has not ended yet."""
    return run.state in (*ACTIVE_STATES, RunState.REVIEW)


def duration(run: Run) -> str:
    """How long the run took, or has taken so far; the time in which it waited is left out."""
    return _time(accounting.time_taken(run))


def what_to_do(run: Run) -> str:
    """What comes next for a run that did not go through; "" for others."""
    if run.state == RunState.STOPPED:
        return gettext(
            "Look at the list below. If it is right, change that option under “advanced” in "
            "manual import, and import again."
        )
    if run.state == RunState.CANCELLED and run.review and run.approved_at is None:
        return gettext("Nothing was written.")
    if run.state == RunState.CANCELLED:
        return gettext("What was done until then stays. Import again to do the rest.")
    if run.state != RunState.FAILED:
        return ""
    return {
        "source": gettext(
            "Check the credentials and the connection to {source}, then import again."
        ).format(source=source_label(run.account_key)),
        "directory": gettext("Look after the directory, then retry the failed or import again."),
        "settings": gettext("Confirm the credentials once more in manual import."),
    }.get(run.error_code, gettext("Import again; everything done so far is kept."))


def _time(passed: timedelta) -> str:
    seconds = max(0, round(passed.total_seconds()))
    minutes, rest = divmod(seconds, 60)
    if minutes:
        return gettext("{minutes} min {seconds} s").format(minutes=minutes, seconds=rest)
    return ngettext("{n} second", "{n} seconds", rest).format(n=rest)
