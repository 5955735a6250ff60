"""Imports: the list of every run, and the page of one run in each of its states."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render

from rollcall.imports import presenter, ticks
from rollcall.imports.choices import WRITING_KINDS
from rollcall.imports.models import WRITING_STATES, Run, RunState
from rollcall.imports.open_targets import BUILTIN
from rollcall.imports.people import everyone_of
from rollcall.web.admin.imports import run_failure, run_summary
from rollcall.web.admin.imports.live_results import snapshot
from rollcall.web.admin.imports.tables.changes import ASKING, listing_for, number_writing
from rollcall.web.admin.imports.tables.runs import LISTING, TRIGGERS
from rollcall.web.admin.imports.views.review import choose
from rollcall.web.shell.pages import may


def list_runs(request: HttpRequest) -> HttpResponseBase:
    """Every import, the newest first."""
    return LISTING.answer(request, Run.objects.all(), template="imports/list.html")


def show_run(request: HttpRequest, run_number: int) -> HttpResponseBase:
    """Progress while the run is at work, the preview in review, the results at the end.

    The preview's list posts here who is chosen.
    """
    run = get_object_or_404(
        Run.objects.select_related("connection__application", "retry_of"), number=run_number
    )
    if request.method == "POST":
        return choose(request, run)
    context = _common(request, run)
    if run_summary.is_at_work(run):
        return render(request, "imports/at_work.html", {**context, **_at_work(run)})
    context |= _review(run) if run.state == RunState.REVIEW else _ended(run)
    # Asked here as well, since a file needs the names of all managers before its first row.
    export = request.GET.get("export") == "csv"
    can_choose = may(request, "run", "POST")
    return listing_for(run, export=export, can_tick=can_choose).answer(
        request,
        run.changes.all(),
        template="imports/run.html",
        context=context,
        can_bulk=can_choose,
    )


def _common(request: HttpRequest, run: Run) -> dict[str, Any]:
    return {
        "run": run,
        "application": run.connection.application,
        "is_live": run_summary.is_live(run),
        "counts": presenter.counts(run),
        "warnings": presenter.warnings(run),
        "duration": run_summary.duration(run),
        "failure": run_failure.title(run),
        "what_to_do": run_summary.what_to_do(run),
        "attention": run_summary.needing_attention(run),
        "can_cancel": run_summary.can_be_cancelled(run) and may(request, "run-cancel", "POST"),
        "trigger": TRIGGERS.get(run.trigger, run.trigger),
    }


def _at_work(run: Run) -> dict[str, Any]:
    return {
        "progress": run_summary.progress(run),
        "writing": run.state in WRITING_STATES,
        "live": snapshot(run),
    }


def _ended(run: Run) -> dict[str, Any]:
    # Runs into other directories made no users here who could be bound.
    bindable = run.state == RunState.COMPLETED and run.target == BUILTIN
    return {
        "counted": run.counts,
        "has_people_to_bind": bindable
        and run.connection.application is not None
        and everyone_of(run).order_by().exists(),
    }


def _review(run: Run) -> dict[str, Any]:
    writing = number_writing(run)
    changes = run.changes.order_by()
    left_out = changes.filter(kind__in=WRITING_KINDS, chosen=False).count()
    asking = ticks.asking(changes).values_list("ticked", "chosen")
    counts = Counter(asking)
    waiting = counts[False, True] + counts[False, False]
    return {
        "writing_count": writing,
        "chosen_count": writing - left_out - counts[False, True],
        "asking_count": counts.total(),
        "ticked_count": counts.total() - waiting,
        "left_out_count": left_out,
        "asking_query": f"?kind={ASKING}",
    }
