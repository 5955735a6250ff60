"""`rollcall events`: what happened, and what happens now."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Final

import typer
from rich.markup import escape
from rich.table import Table

from rollcall.cli.console import output, print_json_line
from rollcall.cli.exits import Exit, stop
from rollcall.cli.importing import JsonOption
from rollcall.cli.operator import note_reading
from rollcall.cli.setup import ready

if TYPE_CHECKING:
    from django.db.models import Q
    from rich.console import Console

    from rollcall.audit.models import Event

LOOK_SECONDS: Final = 1.0
"""Between two looks for new events."""
AT_ONCE: Final = 500
SHOWN: Final = 50
NARROW: Final = 72
"""Columns of a terminal below which each event is a paragraph."""
TIME: Final = "%Y-%m-%d %H:%M:%S"
UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}

Show = Callable[[Iterable["Event"]], None]


@ready
def events(
    follow: Annotated[
        bool, typer.Option("--follow", help="Go on and show what happens, until Ctrl-C.")
    ] = False,
    since: Annotated[
        str,
        typer.Option(
            metavar="WHEN",
            help="From when on: so long ago (90s, 15m, 6h, 7d, 2w), or a time as 2026-11-27T14:00 "
            "(UTC without a zone). Without it the newest.",
        ),
    ] = "",
    type_: Annotated[
        list[str] | None,
        typer.Option(
            "--type", metavar="TYPE", help="Only events of this type; may be given several times."
        ),
    ] = None,
    limit: Annotated[
        int | None,
        typer.Option(
            min=0,
            help="How many events at the most, the newest; 0 shows all. Without it 50, and all "
            "with --since.",
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Show what happened, the newest last, as Directory Insights tells it.

    With --json an event is a JSON object on a line, in the vendor's names. With --follow, whatever
    happens is shown within seconds.

    Exit status: 0 done · 2 there is no such type, or the time cannot be read · 4 the database could
    not be reached · 130 ended by Ctrl-C.
    """
    from django.db.models import Max

    from rollcall.audit import chain
    from rollcall.audit.models import Event

    narrow = _of_types(type_ or ())
    start = _moment(since) if since else None
    note_reading("events", "json" if as_json else "table", since=since, type=type_, follow=follow)
    show = _as_lines if as_json else _Rows(output()).show
    found = Event.objects.filter(narrow)
    if follow:
        # Before they are read: what appears later with a higher key is shown by following.
        newest = chain.settled() or Event.objects.aggregate(newest=Max("pk"))["newest"] or 0
        found = found.filter(pk__lte=newest)
    found = found.filter(timestamp__gte=start) if start else found
    most = limit if limit is not None else (0 if since else SHOWN)
    if most:
        keys = list(found.order_by("-timestamp", "-pk").values_list("pk", flat=True)[:most])
        found = Event.objects.filter(pk__in=keys)
    show(found.order_by("timestamp", "pk").iterator(AT_ONCE))
    if follow:
        _follow(newest, narrow, show)


def _follow(seen: int, narrow: Q, show: Show) -> None:
    """Show what is recorded behind this key, as soon as it is settled; never ends by itself."""
    from django.db import DatabaseError, connections

    from rollcall.audit import chain
    from rollcall.audit.models import Event
    from rollcall.database.errors import may_pass

    while True:
        sys.stdout.flush()  # whoever reads the pipe waits for these very lines
        time.sleep(LOOK_SECONDS)
        try:
            newest = chain.settled()
            if newest > seen:
                fresh = Event.objects.filter(narrow, pk__gt=seen, pk__lte=newest)
                show(fresh.order_by("pk").iterator(AT_ONCE))
                seen = newest
        except DatabaseError as error:
            if not may_pass(error):
                raise
            # A broken connection stays broken: the next look begins with a new one.
            connections.close_all()


def _as_lines(found: Iterable[Event]) -> None:
    from rollcall.audit.insights import as_insights
    from rollcall.audit.organization import organization_id

    organization = organization_id()
    for event in found:
        print_json_line(as_insights(event, organization))


class _Rows:
    """Shows events as rows of one table, however many times more come."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._with_heading = True

    def show(self, found: Iterable[Event]) -> None:
        """Show these under what is shown already."""
        from rollcall.database.bulk_insert import in_parts

        for some in in_parts(found, AT_ONCE):
            if self._console.width < NARROW:
                for event in some:
                    self._console.print(_as_paragraph(event), highlight=False)
            else:
                self._console.print(self._table(some))
                self._with_heading = False

    def _table(self, found: Iterable[Event]) -> Table:
        # Columns of one width in every part, since it is one table to the reader.
        table = Table(box=None, pad_edge=False, show_header=self._with_heading)
        table.add_column("Time (UTC)", width=19, no_wrap=True)
        table.add_column("Event", width=24, overflow="fold")
        table.add_column("Who and what", overflow="fold")
        for event in found:
            table.add_row(_at(event), event.event_type, _told(event))
        return table


def _as_paragraph(event: Event) -> str:
    return f"[bold]{_at(event)}[/]\n  {event.event_type}\n  {_told(event)}"


def _told(event: Event) -> str:
    """Who did it to what, from where, and why it failed."""
    about = event.target_name or event.target_id
    line = escape(f"{event.actor_name} → {about}" if about else event.actor_name)
    if event.client_ip:
        line += escape(f" ({event.client_ip})")
    return line if event.success else f"{line} [red]failed: {escape(event.reason or 'refused')}[/]"


def _at(event: Event) -> str:
    return event.timestamp.astimezone(UTC).strftime(TIME)


def _of_types(names: Iterable[str]) -> Q:
    from django.db.models import Q

    from rollcall.audit.event_types import actions_of
    from rollcall.audit.search_terms import of_type

    condition = Q()
    for name in names:
        if not actions_of(name.lower()):
            line = f"there is no type {name}; types are called like user_login_attempt or sso_auth"
            raise stop(Exit.USAGE, line)
        condition |= of_type(name)
    return condition


def _moment(text: str) -> datetime:
    """The time that is meant: so long ago, or as it is written."""
    try:
        if ago := re.fullmatch(r"(\d{1,6})([smhdw])", text, re.ASCII):
            return datetime.now(UTC) - timedelta(**{UNITS[ago[2]]: int(ago[1])})
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        line = f"--since {text}: write so long ago, like 6h or 7d, or a time like 2026-11-27T14:00"
        raise stop(Exit.USAGE, line) from None
