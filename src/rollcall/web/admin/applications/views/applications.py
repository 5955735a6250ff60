"""SSO Applications: the configured ones, the featured ones, and configuring a new one."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from rollcall.accounts.actors import actor_of
from rollcall.directory import catalogue, services
from rollcall.directory.models import Application
from rollcall.directory.services import NewApplication, Refused
from rollcall.web.admin.applications.forms.application import ApplicationForm
from rollcall.web.admin.applications.panel import panel
from rollcall.web.admin.applications.sso_tab import only_signs_on
from rollcall.web.admin.applications.tables import LISTING
from rollcall.web.shell import once
from rollcall.web.shell.refusals import add_to

FEATURED = 12


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
    context = {"searched": searched, "templates": catalogue.search(searched, gettext)}
    return render(request, "applications/catalogue.html", context)


def add_application(request: HttpRequest, template: str) -> HttpResponseBase:
    """The panel of an application that is not there yet; activate makes it."""
    if before := once.sent_before(request):
        return before
    try:
        # Not stored until it is activated: whoever only looks leaves nothing behind.
        draft = catalogue.draft(template)
    except KeyError:
        raise Http404 from None
    draft.displayLabel, draft.description = _worded(draft.displayLabel), _worded(draft.description)
    example = catalogue.template(template).example
    form = ApplicationForm(
        request.POST or None, request.FILES or None, application=draft, example=example
    )
    if request.method == "POST" and form.is_valid():
        made = once.made_once(request, lambda: _create(request, draft, form))
        if made is not None:
            return made
    return panel(request, draft, form, is_new=True)


def _worded(text: str) -> str:
    """A text of the catalogue in the language of the page; Django translates "" to its own head."""
    return gettext(text) if text else ""


def _create(
    request: HttpRequest, draft: Application, form: ApplicationForm
) -> HttpResponseRedirect | None:
    """Make the application of this template with what was typed; None where it is refused."""
    values = {"name": draft.name, "config": draft.config, **form.values(), "active": True}
    (made,) = services.create_applications(actor_of(request), [NewApplication(values)])
    if isinstance(made, Refused):
        add_to(form, made.refusals)
        return None
    messages.success(request, gettext("{label} is active.").format(label=made.displayLabel))
    address = reverse("application", args=[made.pk])
    # Of one that only signs people on, that is what is to be set up next.
    return redirect(f"{address}?tab=sso" if only_signs_on(made) else address)
