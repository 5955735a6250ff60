"""Home: users by state, the last import, who needs attention, who starts within fourteen days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet
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
    attention = _attention()
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
            "attention_runs": Run.objects.filter(pk__in=attention.order_by().values("run")),
            "starting": starting[:SHOWN],
            "starting_count": starting.count(),
        },
    )


def _states() -> list[StateCount]:
    counts = dict(User.objects.order_by().values_list("state").annotate(Count("pk")))
    return [StateCount(state.value, counts.get(state.value, 0)) for state in State]


def _attention() -> QuerySet[ChangeRecord]:
    """Whom an administrator has to look at: by the plan as long as nothing was written."""
    bad = [result.value for result in NEEDS_ATTENTION]
    planned = Q(run__state__in=PLANNED_STATES)
    needing = ChangeRecord.objects.filter(
        planned & Q(kind__in=bad) | ~planned & Q(result__in=bad),
        run__in=_newest(Run.objects.exclude(state=RunState.CANCELLED).filter(_has_people())),
    )
    return needing.select_related("run__connection").order_by("-run__number", "seq")


def _has_people() -> Exists:
    """That a run came to a plan: one that could not read anybody says nothing of them."""
    return Exists(ChangeRecord.objects.filter(run=OuterRef("pk")))


def _newest(runs: QuerySet[Run]) -> QuerySet[Run]:
    """Of these runs the newest of each account: no file hides what the import from HR found."""
    numbers = runs.order_by().values("lane").annotate(newest=Max("number")).values("newest")
    return Run.objects.filter(number__in=numbers)


def _starting() -> QuerySet[ChangeRecord]:
    """Those whose first day is near, by the last import of each account that was carried out."""
    today = localdate()
    # A retry has only those who failed before; everybody's first days stand in the run it repeats.
    last = _newest(Run.objects.filter(state=RunState.COMPLETED, retry_of=None))
    return ChangeRecord.objects.filter(
        run__in=last, starts_on__range=(today, today + STARTING_WITHIN)
    ).order_by("starts_on", "seq")
