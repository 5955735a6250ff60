"""Identity Management of a file: handed over, its columns looked at, and imported."""

from __future__ import annotations

from typing import Any, Final

from django.db import transaction
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from rollcall.core.text import shortened
from rollcall.directory.models import Application
from rollcall.imports import reasons, runs, uploads
from rollcall.imports.errors import Overlap
from rollcall.imports.models import Connection, Run
from rollcall.sources.base import Account, FileLook, FileUse
from rollcall.sources.errors import SourceError
from rollcall.web.admin.applications.accounts import other_application
from rollcall.web.admin.applications.forms.upload import ColumnsForm, UploadForm
from rollcall.web.admin.applications.panel import (
    connection_of,
    importing,
    is_inactive,
    kind_of,
)
from rollcall.web.admin.imports import handover
from rollcall.web.shell import once
from rollcall.web.shell.pages import may, signed_in

COLUMNS_SHOWN: Final = 30
LONGEST_SHOWN: Final = 80
"""Characters of a value in the preview."""


def upload_file(request: HttpRequest, application: Application) -> HttpResponseBase:
    """Take a file in; Continue leads to its columns."""
    form = UploadForm(
        request.POST or None,
        request.FILES or None,
        kind=kind_of(application),
        use=_use(application),
        connection=connection_of(application),
        application_id=application.pk,
    )
    if request.method == "POST" and form.is_valid():
        uploads.keep(application, signed_in(request), form.account)
        return redirect("application-columns", application_id=application.pk)
    return render(request, "applications/upload.html", {"application": application, "form": form})


def choose_columns(request: HttpRequest, application_id: str) -> HttpResponseBase:
    """Show what the file holds; Continue starts a run that stops for review."""
    application = importing(application_id)
    if not application.active:
        return is_inactive(request, application)
    if before := once.sent_before(request):
        return before
    use, connection = _use(application), connection_of(application)
    label = kind_of(application).label
    account = uploads.waiting(application, signed_in(request))
    if account is None:
        return redirect("application-import", application_id=application.pk)
    try:
        look = use.look(account)
    except SourceError:  # it could be read when it was taken in: this version reads it otherwise
        return redirect("application-import", application_id=application.pk)
    form = ColumnsForm(request.POST or None, use=use, look=look, connection=connection)
    at_work: Run | None = None
    if request.method == "POST" and form.is_valid():
        if (other := other_application(account, application.pk)) is not None:
            form.add_error(None, other)
        else:
            chosen = use.with_columns(account, form.columns())
            try:
                run = _start(request, application, chosen, form)
            except Overlap as overlap:
                if before := once.sent_before(request):
                    return before
                at_work = overlap.run
            else:
                handover.hand_over(run)
                return redirect("run", run_number=run.number)
    context = {"application": application, "form": form, "at_work": at_work, **_shown(look, label)}
    context["filename"] = account.address
    return render(request, "applications/columns.html", context)


def _use(application: Application) -> FileUse[Any]:
    use = kind_of(application).file
    if use is None:
        raise Http404
    return use


def _start(
    request: HttpRequest, application: Application, account: Account, form: ColumnsForm
) -> Run:
    """Note the run, and what was chosen for the next time; the file is then the run's own."""
    target = form.cleaned_data["directory"]
    with transaction.atomic():
        connection = _connection(request, application, account, form)
        starter = handover.starter(request)
        asked = runs.Request(connection, account, starter, form.options(), True, target)
        run = runs.start_anywhere(asked)
        # In the transaction of the run: the file is there once, whatever breaks.
        uploads.discard(application, signed_in(request))
        once.remember(request, reverse("run", args=[run.number]))
    return run


def _connection(
    request: HttpRequest, application: Application, account: Account, form: ColumnsForm
) -> Connection:
    """The application's connection; changed only by whoever may configure it."""
    kind = kind_of(application)
    reached = {
        "name": application.displayLabel,
        "source": kind.key,
        "key": account.key,
        "address": account.address,
        "target": form.cleaned_data["directory"],
    }
    named = account.key.partition(":")[2]
    chosen = {
        "settings": {kind.name_field: named, "columns": form.columns_to_keep()},
        "options": form.options().to_record(),
    }
    if may(request, "application-credentials", "POST"):
        connection, _ = Connection.objects.update_or_create(
            application=application, defaults=reached | chosen
        )
    else:
        connection, _ = Connection.objects.get_or_create(application=application, defaults=reached)
    return connection


def _shown(look: FileLook, source: str) -> dict[str, Any]:
    """What was found in the file, in words and cut to what a page can hold.

    `source` is what this kind of source is called.
    """
    return {
        "encoding": look.encoding,
        "separator": _separator(look.separator),
        "count": look.count,
        "notes": [reasons.text(note, source) for note in look.notes],
        "heading": [_cut(title) for title in look.heading[:COLUMNS_SHOWN]],
        "rows": [
            (number, [_cut(value) for value in values[:COLUMNS_SHOWN]])
            for number, values in look.sample
        ],
        "hidden": max(0, len(look.heading) - COLUMNS_SHOWN),
    }


def _separator(separator: str) -> str:
    words = {
        ";": gettext("semicolon"),
        ",": gettext("comma"),
        "\t": gettext("tab"),
        "|": gettext("vertical bar"),
    }
    return words.get(separator, separator)


def _cut(value: str) -> str:
    return shortened(" ".join(value.split()), LONGEST_SHOWN)
