"""How the imports are listed: columns, filters and search."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from rollcall.imports import labels, presenter
from rollcall.imports.models import Run, RunState
from rollcall.web.admin.imports import run_summary
from rollcall.web.shell.lists.columns import Column, Filter, Text
from rollcall.web.shell.lists.listing import Listing

TRIGGERS: dict[str, Text] = {
    "portal": _("Portal"),
    "cli": _("Command line"),
    "api": _("API"),
    "schedule": _("Schedule"),
}


def _states() -> Sequence[tuple[str, Text]]:
    return [(state.value, labels.state_label(state.value)) for state in RunState]


def _fetch(rows: QuerySet[Run]) -> QuerySet[Run]:
    return rows.select_related("connection")


LISTING: Listing[Run] = Listing(
    name="imports",
    order=("-number",),
    search=lambda rows, typed: rows.filter(started_by__icontains=typed),
    search_label=_("Who started it"),
    fetch=_fetch,
    columns=(
        Column("number", _("Import"), lambda run: run.number, ("number",), "imports/cell_run.html"),
        Column(
            "state",
            _("State"),
            lambda run: labels.state_label(run.state),
            template="imports/cell_run_state.html",
        ),
        Column("source", _("From"), lambda run: run.connection.name),
        Column("who", _("Who"), lambda run: run.started_by or "–"),
        Column(
            "trigger",
            _("Through"),
            lambda run: TRIGGERS.get(run.trigger, run.trigger),
            shown=False,
        ),
        Column(
            "started",
            _("When"),
            lambda run: localtime(run.started_at),
            template="portal/cells/moment.html",
        ),
        Column("duration", _("How long"), run_summary.duration),
        Column("fetched", _("Employees"), lambda run: run.fetched),
        Column("counts", _("Counts"), presenter.counts_in_words),
    ),
    filters=(
        Filter("state", _("State"), _states, lambda rows, v: rows.filter(state=v)),
        Filter(
            "trigger",
            _("Through"),
            lambda: list(TRIGGERS.items()),
            lambda rows, v: rows.filter(trigger=v),
        ),
    ),
    empty="imports/empty.html",
)
