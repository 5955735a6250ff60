"""Scheduled imports of an application: how often, when, and whether they stop for review."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.forms.models import model_to_dict
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rollcall.accounts.models import Role
from rollcall.accounts.permissions import page
from rollcall.audit.actions import Action
from rollcall.directory.models import Application
from rollcall.imports.models import Connection
from rollcall.web.admin.applications.application_panel import connection_of
from rollcall.web.admin.imports import importing
from rollcall.web.shell import auditing

FIELDS = ("schedule", "schedule_at", "schedule_review")


class ScheduleForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """When the kept credentials are used."""

    schedule = forms.ChoiceField(
        label=_("Import"),
        required=False,
        choices=[
            ("", _("Never")),
            ("hourly", _("Every hour")),
            ("daily", _("Every day")),
            ("weekly", _("Every Monday")),
        ],
    )
    schedule_at = forms.TimeField(
        label=_("At"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=_("In the server's time zone. Of an hourly import only the minute counts."),
    )
    schedule_review = forms.BooleanField(
        label=_("Stop for review"),
        required=False,
        help_text=_("The import only plans; nothing is written until somebody has looked at it."),
    )

    class Meta:
        model = Connection
        fields: ClassVar[list[str]] = list(FIELDS)


@page(
    "applications/<str:application_id>/schedule/",
    name="application-schedule",
    reads=Role.ADMINISTRATOR,
    writes=Role.ADMINISTRATOR,
)
def schedule(request: HttpRequest, application_id: str) -> HttpResponseBase:
    """Set when the application's employees are imported by themselves."""
    application = get_object_or_404(Application, pk=application_id)
    connection = connection_of(application)
    if connection is None:
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
    return render(request, "portal/applications/schedule.html", context)


def _save(
    request: HttpRequest, application: Application, form: ScheduleForm, before: dict[str, Any]
) -> None:
    """Store the schedule, with the administrator who hears of its imports, and follow it."""
    starter = importing.starter(request)
    with transaction.atomic():
        connection = form.save(commit=False)
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
    importing.follow(connection)
