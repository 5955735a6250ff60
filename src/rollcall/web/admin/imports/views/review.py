"""The review of a run: who is chosen, and Import, which carries the chosen changes out."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from rollcall.audit.actions import Action
from rollcall.imports import labels, runs
from rollcall.imports.errors import Overlap, WrongState
from rollcall.imports.models import ChangeRecord, Run, RunState
from rollcall.web.admin.imports import handover, run_summary
from rollcall.web.admin.imports.changes import WRITING_KINDS, listing_for
from rollcall.web.shell import auditing, confirm
from rollcall.web.shell.text.numbers import grouped


def choose(request: HttpRequest, run: Run) -> HttpResponseBase:
    """Choose or leave out the people that the list's form names; then back to the list."""
    with transaction.atomic():
        held = Run.objects.select_for_update().get(pk=run.pk)
        if held.state != RunState.REVIEW:
            messages.warning(request, gettext("The review is over; nothing was changed."))
            return redirect("run", run_number=run.number)
        _set_chosen(request, held)
    query = request.POST.get("query", "")
    return redirect(f"{reverse('run', args=[run.number])}?{query}" if query else run_path(run))


def run_path(run: Run) -> str:
    """The address of the run's page."""
    return reverse("run", args=[run.number])


def _set_chosen(request: HttpRequest, run: Run) -> None:
    action = request.POST.get("action", "")
    changes = run.changes.filter(kind__in=WRITING_KINDS)
    before = changes.filter(chosen=True).order_by().count()
    named = listing_for(run, export=False).chosen(request, changes)
    if action == "everyone":
        changes.filter(chosen=False).update(chosen=True)
    elif action == "include":
        _among(run, named).update(chosen=True)
    elif action == "exclude":
        _among(run, named).update(chosen=False)
    elif action == "only":
        keys = named.order_by().values("pk")
        changes.exclude(pk__in=keys).update(chosen=False)
        changes.filter(pk__in=keys).update(chosen=True)
    after = changes.filter(chosen=True).order_by().count()
    auditing.record(
        request,
        Action.IMPORT_CHOOSE,
        target_type="run",
        target_id=run.number,
        target=str(run),
        before={"chosen": before},
        after={"chosen": after},
    )


def _among(run: Run, named: QuerySet[ChangeRecord]) -> QuerySet[ChangeRecord]:
    return run.changes.filter(pk__in=named.order_by().values("pk"))


def carry_out(request: HttpRequest, run_number: int) -> HttpResponseBase:
    """Import: say once what will be touched, then hand the run to the workers."""
    run = get_object_or_404(Run, number=run_number)
    if request.method != "POST":
        return redirect(run_path(run))
    if run.state == RunState.REVIEW and not confirm.is_confirmed(request):
        return _ask(request, run)
    try:
        with transaction.atomic():
            approved = runs.approve(run.pk)
            _note(request, approved)
    except WrongState:
        messages.info(request, gettext("This import was started already; nothing was done twice."))
        return redirect(run_path(run))
    except Overlap as overlap:
        return render(
            request, "imports/overlap.html", {"run": run, "at_work": overlap.run}, status=409
        )
    handover.hand_over(approved)
    return redirect(run_path(run))


def _ask(request: HttpRequest, run: Run) -> HttpResponseBase:
    chosen = run.changes.filter(kind__in=WRITING_KINDS, chosen=True).order_by()
    counts = dict(chosen.values_list("kind").annotate(Count("pk")))
    total = sum(counts.values())
    touched = ngettext("{n} user is touched:", "{n} users are touched:", total).format(
        n=grouped(total)
    )
    kinds = [
        f"{labels.kind_label(kind)} {counts[kind]}" for kind in WRITING_KINDS if kind in counts
    ]
    sentences = [
        f"{touched} {', '.join(sorted(kinds))}." if kinds else gettext("Nobody is touched.")
    ]
    left = run.fetched - total
    if left:
        sentences.append(
            ngettext(
                "{n} employee needs no change, is left out, or needs a look first.",
                "{n} employees need no change, are left out, or need a look first.",
                left,
            ).format(n=grouped(left))
        )
    if not run_summary.is_live(run) and run.notify_email:
        sentences.append(
            gettext("When it is complete, an e-mail goes to {email}.").format(
                email=run.notify_email
            )
        )
    return confirm.ask(
        request,
        title=gettext("Import {number}: carry it out").format(number=run.number),
        sentences=sentences,
        yes=gettext("Import"),
        back=run_path(run),
        danger=False,
    )


def _note(request: HttpRequest, run: Run) -> None:
    auditing.record(
        request,
        Action.IMPORT_APPROVE,
        target_type="run",
        target_id=run.number,
        target=str(run),
        before={"state": RunState.REVIEW.value},
        after={"state": run.state},
    )
