"""The review of a run: who is chosen, and Import, which carries the chosen changes out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from django.contrib import messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from rollcall.accounts.actors import actor_of
from rollcall.imports import choices, labels, runs, ticks
from rollcall.imports.choices import WRITING_KINDS, Choice
from rollcall.imports.errors import Overlap, WrongState
from rollcall.imports.models import ChangeRecord, Run, RunState
from rollcall.mail import server
from rollcall.web.admin.imports import handover, run_summary
from rollcall.web.admin.imports.tables.changes import TICK, UNTICK, listing_for
from rollcall.web.admin.users.actions import nobody_chosen
from rollcall.web.shell import confirm
from rollcall.web.shell.text.numbers import grouped, told

TICK_ALL: Final = "tick-all"
LONGEST_KEY: Final = 19
NAMING: Final = frozenset({TICK, UNTICK, Choice.INCLUDE, Choice.EXCLUDE, Choice.ONLY})
"""What is done with those whom the list's form names."""


def choose(request: HttpRequest, run: Run) -> HttpResponseBase:
    """Choose, leave out or tick the people that the list's form names; then back to the list."""
    if request.POST.get("action", "") in NAMING and not _named(request, run).exists():
        # "only these" with nobody ticked would leave everybody out
        return nobody_chosen(request, _back(request, run))
    try:
        _decide(request, run)
    except WrongState:
        messages.warning(request, gettext("The review is over; nothing was changed."))
        return redirect("run", run_number=run.number)
    return redirect(_back(request, run))


def _named(request: HttpRequest, run: Run) -> QuerySet[ChangeRecord]:
    """Whom the list's form names: the ticked ones, or all that it lists."""
    return listing_for(run, export=False).chosen(request, run.changes.all())


def _back(request: HttpRequest, run: Run) -> str:
    """The address of the list as it was looked at."""
    query = request.POST.get("query", "")
    return f"{run_path(run)}?{query}" if query else run_path(run)


def _decide(request: HttpRequest, run: Run) -> None:
    """Carry out what the form asks of the review; what it does not know is left alone."""
    actor, action = actor_of(request), request.POST.get("action", "")
    if (person := request.POST.get("tick", "")).isdecimal() and len(person) < LONGEST_KEY:
        row = run.changes.filter(pk=int(person))
        is_ticked = row.filter(ticked=True).exists()
        ticks.tick(actor, run.pk, row, ticked=not is_ticked)
    elif action == TICK_ALL:
        ticks.tick(actor, run.pk, run.changes.all())
    elif action in (TICK, UNTICK):
        ticks.tick(actor, run.pk, _named(request, run), ticked=action == TICK)
    elif action in set(Choice):
        choices.choose(actor, run.pk, Choice(action), _named(request, run))


def run_path(run: Run) -> str:
    """The address of the run's page."""
    return reverse("run", args=[run.number])


def carry_out(request: HttpRequest, run_number: int) -> HttpResponseBase:
    """Import: say once what will be touched, then hand the run to the workers."""
    run = get_object_or_404(Run, number=run_number)
    if request.method != "POST":
        return redirect(run_path(run))
    if run.state == RunState.REVIEW and not confirm.is_confirmed(request):
        return _ask(request, run)
    try:
        # What decides is the state in the database: of two people who say yes at once, one is told.
        approved = runs.approve(actor_of(request), run.pk)
    except WrongState:
        run.refresh_from_db()
        messages.info(
            request,
            gettext("This import was cancelled meanwhile; nothing was written.")
            if run.state == RunState.CANCELLED
            else gettext("This import was started already; nothing was done twice."),
        )
        return redirect(run_path(run))
    except Overlap as overlap:
        # 409: what was asked is right, and stands against what is at work now.
        return render(
            request, "imports/overlap.html", {"run": run, "at_work": overlap.run}, status=409
        )
    handover.hand_over(approved)
    return redirect(run_path(run))


def _ask(request: HttpRequest, run: Run) -> HttpResponseBase:
    return confirm.ask(
        request,
        title=gettext("Import {number}: carry it out").format(number=run.number),
        sentences=list(_said_beforehand(run)),
        yes=gettext("Import"),
        back=run_path(run),
        danger=False,
    )


def _said_beforehand(run: Run) -> Iterator[str]:
    """What carrying the run out will touch and leave alone, and who will hear of it."""
    chosen = run.changes.filter(kind__in=WRITING_KINDS, chosen=True).order_by()
    waiting = ticks.waiting(chosen).count()
    counts = dict(ticks.allowed(chosen).values_list("kind").annotate(Count("pk")))
    yield _touched(counts)
    if waiting:
        yield told(
            ngettext(
                "One user is not ticked and stays as it is: its employee is a conflict.",
                "{n} users are not ticked and stay as they are: their employees are conflicts.",
                waiting,
            ),
            waiting,
        )
    if left := run.fetched - sum(counts.values()) - waiting:
        yield ngettext(
            "{n} employee needs no change, is left out, or needs a look first.",
            "{n} employees need no change, are left out, or need a look first.",
            left,
        ).format(n=grouped(left))
    if not run_summary.is_live(run) and run.notify_email and server.is_set():
        yield gettext("When it is complete, an e-mail goes to {email}.").format(
            email=run.notify_email
        )


def _touched(counts: Mapping[str, int]) -> str:
    """How many users of which kinds of change."""
    if not counts:
        return gettext("Nobody is touched.")
    total = sum(counts.values())
    touched = ngettext("{n} user is touched:", "{n} users are touched:", total).format(
        n=grouped(total)
    )
    kinds = sorted(
        f"{labels.kind_label(kind)} {grouped(counts[kind])}"
        for kind in WRITING_KINDS
        if kind in counts
    )
    return f"{touched} {', '.join(kinds)}."
