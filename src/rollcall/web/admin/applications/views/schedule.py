"""Scheduled imports of an application: how often, when, and whether they stop for review."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from rollcall.accounts.actors import actor_of
from rollcall.directory.models import Application
from rollcall.imports import connection_services
from rollcall.imports.models import Connection
from rollcall.imports.schedule import is_possible
from rollcall.web.admin.applications.forms.schedule import ScheduleForm, values_of
from rollcall.web.admin.applications.panel import connection_of, is_inactive
from rollcall.web.admin.imports import handover


def change_schedule(request: HttpRequest, application_id: str) -> HttpResponseBase:
    """Set when the application's employees are imported by themselves."""
    application = get_object_or_404(Application, pk=application_id)
    connection = connection_of(application)
    if connection is None or not is_possible(connection):
        raise Http404
    if not application.active:
        return is_inactive(request, application)
    form = ScheduleForm(request.POST or None, now=values_of(connection))
    if request.method == "POST" and form.is_valid() and _save(request, connection, form):
        # After the transaction: the engine's tables are others, and must not follow what is undone.
        handover.follow(connection)
        messages.success(request, gettext("The schedule is saved."))
        return redirect(f"{reverse('application', args=[application.pk])}?tab=identity-management")
    context = {
        "application": application,
        "connection": connection,
        "form": form,
        "time_zone": settings.TIME_ZONE,
    }
    return render(request, "applications/schedule.html", context)


@transaction.atomic
def _save(request: HttpRequest, connection: Connection, form: ScheduleForm) -> bool:
    """Store what was changed; False where that clashes with what somebody else has written."""
    # Held, so that nobody writes between the comparison and the change.
    held = Connection.objects.select_for_update(no_key=True).get(pk=connection.pk)
    if form.clashes(values_of(held)):
        return False
    kept = {name: getattr(held, name) for name in values_of(held)}
    schedule = {**kept, **form.edited(form.cleaned_data)}
    starter = handover.starter(request)
    connection_services.set_schedule(actor_of(request), connection, schedule, starter)
    return True
