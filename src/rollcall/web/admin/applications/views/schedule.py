"""Scheduled imports of an application: how often, when, and whether they stop for review."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.forms.models import model_to_dict
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from rollcall.audit.actions import Action
from rollcall.directory.models import Application
from rollcall.imports.schedule import is_possible
from rollcall.web.admin.applications.forms.schedule import FIELDS, ScheduleForm
from rollcall.web.admin.applications.panel import connection_of
from rollcall.web.admin.imports import handover
from rollcall.web.shell import auditing


def change_schedule(request: HttpRequest, application_id: str) -> HttpResponseBase:
    """Set when the application's employees are imported by themselves."""
    application = get_object_or_404(Application, pk=application_id)
    connection = connection_of(application)
    if connection is None or not is_possible(connection):
        raise Http404
    before = model_to_dict(connection, FIELDS)
    form = ScheduleForm(request.POST or None, instance=connection)
    if request.method == "POST" and form.is_valid():
        _save(request, application, form, before)
        messages.success(request, gettext("The schedule is saved."))
        return redirect(f"{reverse('application', args=[application.pk])}?tab=identity-management")
    context = {
        "application": application,
        "connection": connection,
        "form": form,
        "time_zone": settings.TIME_ZONE,
    }
    return render(request, "applications/schedule.html", context)


def _save(
    request: HttpRequest, application: Application, form: ScheduleForm, before: dict[str, Any]
) -> None:
    """Store the schedule, with the administrator who hears of its imports, and follow it."""
    starter = handover.starter(request)
    with transaction.atomic():
        connection = form.save(commit=False)
        # Kept with the schedule, since nobody is signed in when its imports run.
        connection.schedule_notify = starter.notify
        connection.schedule_language = starter.language
        connection.portal_url = starter.portal_url
        connection.save()
        auditing.record(
            request,
            Action.SCHEDULE_CHANGE,
            target_type="application",
            target_id=application.pk,
            target=application.displayLabel,
            before={name: str(value) for name, value in before.items()},
            after={name: str(form.cleaned_data[name]) for name in FIELDS},
        )
    # After the transaction: the engine's tables are others, and must not follow what is undone.
    handover.follow(connection)
