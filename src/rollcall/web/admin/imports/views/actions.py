"""What can be done with a run: cancel it, retry those who failed."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext

from rollcall.accounts.actors import actor_of
from rollcall.imports import runs
from rollcall.imports.errors import Overlap, WrongState
from rollcall.imports.models import Run, RunState
from rollcall.web.admin.applications.panel import is_inactive
from rollcall.web.admin.imports import handover
from rollcall.web.admin.imports.views.review import run_path
from rollcall.web.shell import confirm, once


def cancel_run(request: HttpRequest, run_number: int) -> HttpResponseBase:
    """Stop the run; what was done stays."""
    run = get_object_or_404(Run, number=run_number)
    if request.method != "POST":
        return redirect(run_path(run))
    if not confirm.is_confirmed(request):
        return _ask_cancel(request, run)
    try:
        # It may have ended while the question stood on the page.
        runs.cancel(actor_of(request), run.pk)
    except WrongState:
        messages.info(request, gettext("This import has ended already; nothing was done."))
    return redirect(run_path(run))


def retry_run(request: HttpRequest, run_number: int) -> HttpResponseBase:
    """A new run for those who need attention in this one."""
    run = get_object_or_404(Run, number=run_number)
    if request.method != "POST":
        return redirect(run_path(run))
    if before := once.sent_before(request):
        return before
    application = run.connection.application
    # Inactivating an application ends its imports: none comes back by this door.
    if application is not None and not application.active:
        return is_inactive(request, application)
    try:
        with transaction.atomic():
            again = runs.retry(run, handover.starter(request))
            once.remember(request, run_path(again))
    except WrongState:
        messages.info(request, gettext("Nobody in this import needs another try."))
        return redirect(run_path(run))
    except Overlap as overlap:
        return once.sent_before(request) or render(
            request, "imports/overlap.html", {"run": run, "at_work": overlap.run}, status=409
        )
    handover.hand_over(again)
    return redirect(run_path(again))


def _ask_cancel(request: HttpRequest, run: Run) -> HttpResponseBase:
    what = (
        gettext("The preview is closed; nothing was written, and nothing will be.")
        if run.state == RunState.REVIEW
        else gettext("What was done until now stays; nobody else is touched.")
    )
    reviewing = run.state == RunState.REVIEW
    return confirm.ask(
        request,
        title=gettext("Cancel import {number}").format(number=run.number),
        sentences=[what],
        yes=gettext("Cancel the import"),
        no=gettext("Keep the preview") if reviewing else gettext("Let it go on"),
        back=run_path(run),
    )
