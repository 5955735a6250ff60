"""Home: users by state, the last import, who needs attention, who starts within fourteen days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate

from rollcall.directory.builtin.models import User
from rollcall.imports import words
from rollcall.imports.models import ChangeRecord, Run, RunState
from rollcall.portal.access import page
from rollcall.provisioning.change import NEEDS_ATTENTION
from rollcall.provisioning.user import State

SHOWN = 5
STARTING_WITHIN = timedelta(days=14)


@dataclass(frozen=True)
class StateCount:
    """How many users are in one state."""

    state: str
    count: int


@dataclass(frozen=True)
class ResultCount:
    """How many employees of a run had one result, in words."""

    label: str
    count: int
    needs_attention: bool


@page("", name="home")
def home(request: HttpRequest) -> HttpResponse:
    """One glance at the directory and its imports."""
    run = Run.objects.order_by("-number").first()
    attention = _attention(run)
    starting = _starting().exclude(user_id="")
    return render(
        request,
        "portal/home.html",
        {
            "states": _states(),
            "run": run,
            "results": _results(run),
            "attention": attention[:SHOWN],
            "attention_count": attention.count(),
            "starting": starting[:SHOWN],
            "starting_count": starting.count(),
        },
    )


def _states() -> list[StateCount]:
    found = dict(User.objects.order_by().values_list("state").annotate(Count("pk")))
    return [StateCount(one.value, found.get(one.value, 0)) for one in State]


def _results(run: Run | None) -> list[ResultCount]:
    counts = run.counts if run else {}
    bad = {one.value for one in NEEDS_ATTENTION}
    label = words.kind_label if run and run.state == RunState.REVIEW else words.result_label
    return [ResultCount(label(key), count, key in bad) for key, count in counts.items() if count]


def _attention(run: Run | None) -> QuerySet[ChangeRecord]:
    results = [one.value for one in NEEDS_ATTENTION]
    return ChangeRecord.objects.filter(run=run, result__in=results).order_by("seq")


def _starting() -> QuerySet[ChangeRecord]:
    """Those whose first day is near, by the last import that was carried out."""
    today = localdate()
    last = Run.objects.filter(state=RunState.COMPLETED, retry_of=None).order_by("-number").first()
    return ChangeRecord.objects.filter(
        run=last, starts_on__range=(today, today + STARTING_WITHIN)
    ).order_by("starts_on", "seq")
