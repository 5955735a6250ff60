"""SSO Applications: the configured ones, the featured ones, and configuring a new one."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rollcall.accounts.models import Role
from rollcall.accounts.permissions import page
from rollcall.audit.actions import Action
from rollcall.directory import catalogue
from rollcall.directory.models import Application
from rollcall.web.admin.applications.application_forms import ApplicationForm, values_of
from rollcall.web.admin.applications.application_panel import panel
from rollcall.web.shell import auditing
from rollcall.web.shell.lists.listing import Column, Listing

FEATURED = 8


def _state(application: Application) -> str:
    return gettext("Active") if application.active else gettext("Inactive")


def _with_groups(rows: QuerySet[Application]) -> QuerySet[Application]:
    return rows.annotate(bound_groups=Count("association"))


LISTING: Listing[Application] = Listing(
    name="applications",
    order=("displayLabel",),
    search=lambda rows, typed: rows.filter(
        Q(displayLabel__icontains=typed) | Q(description__icontains=typed)
    ),
    search_label=_("Display Label or description"),
    fetch=_with_groups,
    columns=(
        Column(
            "label",
            _("Display Label"),
            lambda one: one.displayLabel,
            ("displayLabel",),
            "portal/applications/cell_label.html",
        ),
        Column("state", _("State"), _state, template="portal/applications/cell_state.html"),
        Column("address", _("Application URL"), lambda one: one.ssoUrl),
        Column("groups", _("User Groups"), lambda one: getattr(one, "bound_groups", 0)),
    ),
    empty="portal/applications/empty.html",
)


@page("applications/", name="applications")
def applications(request: HttpRequest) -> HttpResponseBase:
    """Every configured application, and templates to configure another."""
    return LISTING.answer(
        request,
        Application.objects.all(),
        template="portal/applications/list.html",
        context={"featured": catalogue.templates()[:FEATURED]},
    )


@page("applications/new/", name="application-catalogue", reads=Role.ADMINISTRATOR)
def configure_new(request: HttpRequest) -> HttpResponseBase:
    """Configure New Application: the catalogue, with search."""
    searched = request.GET.get("q", "").strip()
    context = {"searched": searched, "templates": catalogue.search(searched)}
    return render(request, "portal/applications/catalogue.html", context)


@page(
    "applications/new/<str:template>/",
    name="application-new",
    reads=Role.ADMINISTRATOR,
    writes=Role.ADMINISTRATOR,
)
def new_application(request: HttpRequest, template: str) -> HttpResponseBase:
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
