"""What the live stream of a run sends: its progress, and person by person how they came out.

Whoever connects anew gets everything so far first; whoever was cut off gets what is missing, since
each event's id says where in the run's own records it stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.utils.dateparse import parse_datetime

from rollcall.imports.models import WRITING_STATES, ChangeRecord, Run
from rollcall.web.admin.imports import run_summary

AT_ONCE = 200
"""How many people are sent at once at the most; the list on the page is no longer than that."""


@dataclass(frozen=True)
class Position:
    """Where in a run's results somebody stands: the last person they have seen."""

    finished_at: datetime
    seq: int

    def __str__(self) -> str:
        return f"{self.finished_at.isoformat()}_{self.seq}"

    @classmethod
    def of(cls, row: ChangeRecord) -> Position | None:
        """The position of this person; None while there is no result."""
        return cls(row.finished_at, row.seq) if row.finished_at else None

    @classmethod
    def parse(cls, text: str) -> Position | None:
        """The position that an event's id says; None for anything else."""
        moment, _, seq = text.partition("_")
        try:
            finished_at = parse_datetime(moment)
        except ValueError:
            return None
        if (
            finished_at is None
            or finished_at.tzinfo is None
            # A browser sends back what it was sent, and anybody else what they like.
            or not (seq.isdecimal() and len(seq) < 12)
        ):
            return None
        return cls(finished_at, int(seq))


@dataclass(frozen=True)
class Seen:
    """What one connection has been sent so far."""

    position: Position | None = None
    has_list: bool = False
    progress: str = ""
    writing: bool | None = None


@dataclass(frozen=True)
class Event:
    """One event of the stream; `id` is sent back by a browser that was cut off."""

    name: str
    data: str
    id: str = ""

    def encode(self) -> bytes:
        """The event as text/event-stream has it."""
        lines = [f"id: {self.id}"] if self.id else []
        lines += [
            f"event: {self.name}",
            # A field for each line (HTML, "Server-sent events"): a line break within would end it.
            *(f"data: {line}" for line in self.data.splitlines() or [""]),
        ]
        return ("\n".join(lines) + "\n\n").encode()


def results(run: Run) -> QuerySet[ChangeRecord]:
    """Everybody with a result, in the order in which they came."""
    done = (
        ChangeRecord.objects.select_related("run__connection")
        .filter(run=run, finished_at__isnull=False)
        .exclude(result="")
    )
    return done.order_by("finished_at", "seq")


def snapshot(run: Run) -> list[ChangeRecord]:
    """The last people with a result, the newest first; nobody for a run that is not shown live."""
    if run.state not in WRITING_STATES or not run_summary.is_live(run):
        return []
    return list(results(run).reverse()[:AT_ONCE])


def news(run: Run, seen: Seen) -> tuple[list[Event], Seen]:
    """What to send to a connection that has seen so much, and what it has seen then."""
    writing = run.state in WRITING_STATES
    # Another page from here on: the browser is told to load it.
    if not run_summary.is_at_work(run) or (seen.writing is not None and seen.writing != writing):
        return [*_last_people(run, seen), Event("moved", run.state)], replace(seen, writing=writing)
    drawn = _progress(run)
    events = [] if drawn == seen.progress else [Event("progress", drawn)]
    seen = replace(seen, progress=drawn, writing=writing)
    if not (writing and run_summary.is_live(run)):
        return events, seen
    people, position = _people(run, seen)
    return [*events, *people], replace(seen, has_list=True, position=position)


def _last_people(run: Run, seen: Seen) -> list[Event]:
    """Those who came between the last look and the end, for a connection that has the list."""
    if not (seen.has_list and run_summary.is_live(run)):
        return []
    return list(_one_by_one(_after(run, seen.position)))


def _people(run: Run, seen: Seen) -> tuple[list[Event], Position | None]:
    if not seen.has_list and seen.position is None:
        rows = snapshot(run)
        position = Position.of(rows[0]) if rows else None
        return [_list_of(rows, position)], position
    rows = _after(run, seen.position)
    position = Position.of(rows[-1]) if rows else seen.position
    # After a long cut it is quicker to send the list anew than each who came meanwhile.
    if len(rows) > AT_ONCE:
        return [_list_of(snapshot(run), position)], position
    return list(_one_by_one(rows)), position


def _after(run: Run, position: Position | None) -> list[ChangeRecord]:
    rows = results(run)
    if position is not None:
        # A batch ends at one moment, so that the time alone would skip its other people.
        later = Q(finished_at__gt=position.finished_at)
        rows = rows.filter(later | Q(finished_at=position.finished_at, seq__gt=position.seq))
    return list(rows)


def _one_by_one(rows: list[ChangeRecord]) -> Iterator[Event]:
    for row in rows:
        drawn = render_to_string("imports/_person.html", {"row": row})
        yield Event("person", drawn, id=str(Position.of(row)))


def _list_of(rows: list[ChangeRecord], position: Position | None) -> Event:
    drawn = "".join(render_to_string("imports/_person.html", {"row": row}) for row in rows)
    return Event("people", drawn, id=str(position) if position else "")


def _progress(run: Run) -> str:
    context = {"progress": run_summary.progress(run), "run": run}
    return render_to_string("imports/_progress.html", context)
