"""Home: users by state, the last import, who needs attention, who starts within fourteen days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate

from rollcall.directory.models import User
from rollcall.imports import presenter
from rollcall.imports.models import PLANNED_STATES, ChangeRecord, Run, RunState
from rollcall.jobs import clock
from rollcall.provisioning.change import NEEDS_ATTENTION
from rollcall.provisioning.user import State
from rollcall.web.admin.imports import run_failure

SHOWN = 5
STARTING_WITHIN = timedelta(days=14)


@dataclass(frozen=True)
class StateCount:
    """How many users are in one state."""

    state: str
    count: int


def show_home(request: HttpRequest) -> HttpResponse:
    """One glance at the directory and its imports."""
    run = Run.objects.order_by("-number").first()
    attention = _attention(run)
    # Whoever the import did not bring to a user has no page to lead to.
    starting = _starting().exclude(user_id="")
    return render(
        request,
        "home/home.html",
        {
            "leap": clock.doubt(),
            "states": _states(),
            "run": run,
            "counts": presenter.counts(run) if run else [],
            "failure": run_failure.title(run) if run else "",
            "in_review": run is not None and run.state == RunState.REVIEW,
            "attention": attention[:SHOWN],
            "attention_count": attention.count(),
            "starting": starting[:SHOWN],
            "starting_count": starting.count(),
        },
    )


def _states() -> list[StateCount]:
    counts = dict(User.objects.order_by().values_list("state").annotate(Count("pk")))
    return [StateCount(state.value, counts.get(state.value, 0)) for state in State]


def _attention(run: Run | None) -> QuerySet[ChangeRecord]:
    """Whom an administrator has to look at: by the plan as long as nothing was written."""
    bad = [result.value for result in NEEDS_ATTENTION]
    rows = ChangeRecord.objects.filter(run=run).select_related("run__connection")
    planned = run is not None and run.state in PLANNED_STATES
    needing = rows.filter(kind__in=bad) if planned else rows.filter(result__in=bad)
    return needing.order_by("seq")


def _starting() -> QuerySet[ChangeRecord]:
    """Those whose first day is near, by the last import that was carried out."""
    today = localdate()
    # A retry has only those who failed before; everybody's first days stand in the run it repeats.
    last = Run.objects.filter(state=RunState.COMPLETED, retry_of=None).order_by("-number").first()
    return ChangeRecord.objects.filter(
        run=last, starts_on__range=(today, today + STARTING_WITHIN)
    ).order_by("starts_on", "seq")
