"""SSO Applications: the configured ones, the featured ones, and configuring a new one."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from rollcall.audit.actions import Action
from rollcall.directory import catalogue
from rollcall.directory.models import Application
from rollcall.web.admin.applications.forms.application import ApplicationForm, values_of
from rollcall.web.admin.applications.panel import panel
from rollcall.web.admin.applications.tables import LISTING
from rollcall.web.shell import auditing

FEATURED = 8


def list_applications(request: HttpRequest) -> HttpResponseBase:
    """Every configured application, and templates to configure another."""
    return LISTING.answer(
        request,
        Application.objects.all(),
        template="applications/list.html",
        context={"featured": catalogue.templates()[:FEATURED]},
    )


def show_catalogue(request: HttpRequest) -> HttpResponseBase:
    """Configure New Application: the catalogue, with search."""
    searched = request.GET.get("q", "").strip()
    context = {"searched": searched, "templates": catalogue.search(searched)}
    return render(request, "applications/catalogue.html", context)


def add_application(request: HttpRequest, template: str) -> HttpResponseBase:
    """The panel of an application that is not there yet; activate makes it."""
    try:
        draft = catalogue.draft(template)
    except KeyError:
        raise Http404 from None
    example = catalogue.template(template).example
    form = ApplicationForm(
        request.POST or None, request.FILES or None, application=draft, example=example
    )
    if request.method == "POST" and form.is_valid():
        form.write_to(draft)
        draft.active = True
        _create(request, draft)
        return redirect("application", application_id=draft.pk)
    return panel(request, draft, form, is_new=True)


def _create(request: HttpRequest, draft: Application) -> None:
    with transaction.atomic():
        draft.save(force_insert=True)
        auditing.record(
            request,
            Action.APPLICATION_CREATE,
            target_type="application",
            target_id=draft.pk,
            target=draft.displayLabel,
            after={**values_of(draft), "name": draft.name, "active": draft.active},
        )
    messages.success(request, gettext("{label} is active.").format(label=draft.displayLabel))
