"""The panel of one application: General Info, Bookmark, and the user groups it is bound to."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from rollcall.accounts.actors import actor_of
from rollcall.directory import catalogue, services
from rollcall.directory.models import Application, UserGroup
from rollcall.directory.services import ApplicationChange, Refused
from rollcall.imports import deactivation
from rollcall.web.admin.applications.forms.application import ApplicationForm, values_of
from rollcall.web.admin.applications.panel import panel
from rollcall.web.shell import confirm
from rollcall.web.shell.refusals import add_to
from rollcall.web.shell.text.numbers import told


def show_application(request: HttpRequest, application_id: str) -> HttpResponseBase:
    """The panel; its form saves General Info and Bookmark, and activates or deactivates."""
    application = get_object_or_404(Application, pk=application_id)
    if request.POST.get("action") == "deactivate":
        return _deactivate(request, application)
    form = ApplicationForm(
        request.POST or None,
        request.FILES or None,
        application=application,
        example=_example(application),
    )
    if request.method == "POST" and form.is_valid() and _save(request, application, form):
        tab = request.POST.get("tab", "general-info")
        # After each write a redirect, here as everywhere: a page that is loaded anew must not write
        # again.
        return redirect(f"{reverse('application', args=[application.pk])}?tab={tab}")
    return panel(request, application, form, is_new=False)


def unchanged_form(application: Application) -> ApplicationForm:
    """The form of General Info and Bookmark as the application is, beside another tab's form."""
    return ApplicationForm(None, None, application=application, example=_example(application))


def change_groups(request: HttpRequest, application_id: str) -> HttpResponseBase:
    """Bind the application to a user group, or unbind it."""
    application = get_object_or_404(Application, pk=application_id)
    back = f"{reverse('application', args=[application.pk])}?tab=user-groups"
    if request.method == "POST":
        chosen = list(UserGroup.objects.filter(pk__in=request.POST.getlist("group")))
        if chosen and request.POST.get("action") == "unbind":
            _unbind(request, application, chosen)
        elif chosen:
            bind(request, application, chosen)
    return redirect(back)


def bind(request: HttpRequest, application: Application, chosen: list[UserGroup]) -> None:
    """Bind the application to these groups."""
    services.bind(actor_of(request), application, chosen)
    messages.success(
        request,
        gettext("{label} is bound to {groups}.").format(
            label=application.displayLabel, groups=", ".join(group.name for group in chosen)
        ),
    )


def _unbind(request: HttpRequest, application: Application, chosen: list[UserGroup]) -> None:
    services.unbind(actor_of(request), application, chosen)
    messages.success(
        request,
        gettext("{label} is no longer bound to {groups}.").format(
            label=application.displayLabel, groups=", ".join(group.name for group in chosen)
        ),
    )


@transaction.atomic
def _save(request: HttpRequest, application: Application, form: ApplicationForm) -> bool:
    """Store what was changed; False where that is refused or clashes, which the form then says."""
    held = Application.objects.select_for_update().filter(pk=application.pk).first()
    if held is not None and form.clashes(values_of(held)):
        return False
    values = form.values()
    if request.POST.get("action") == "activate":
        values["active"] = True
    change = ApplicationChange(application.pk, values)
    (saved,) = services.update_applications(actor_of(request), [change])
    if isinstance(saved, Refused):
        add_to(form, saved.refusals)
        return False
    messages.success(request, gettext("Saved."))
    return True


def _deactivate(request: HttpRequest, application: Application) -> HttpResponseBase:
    """Ask, saying what ends with it; then end the application's imports and schedule as well."""
    label = application.displayLabel
    if not confirm.is_confirmed(request):
        return confirm.ask(
            request,
            title=gettext("Deactivate {label}?").format(label=label),
            sentences=_what_ends(application),
            yes=gettext("Deactivate"),
            back=reverse("application", args=[application.pk]),
        )
    change = ApplicationChange(application.pk, {"active": False})
    services.update_applications(actor_of(request), [change])
    deactivation.end_imports(actor_of(request), application)
    messages.success(request, gettext("{label} is inactive.").format(label=label))
    return redirect("application", application_id=application.pk)


def _what_ends(application: Application) -> list[str]:
    groups = application.groups.count()
    sentences = [
        told(
            ngettext(
                "It stays bound to its group; nobody reaches it until it is active again.",
                "It stays bound to its {n} groups; nobody reaches it until it is active again.",
                groups,
            ),
            groups,
        )
        if groups
        else gettext("Nobody reaches it until it is active again.")
    ]
    sentences += [
        gettext("Import {number} is cancelled; what it has done until then stays.").format(
            number=run.number
        )
        for run in deactivation.unended(application)
    ]
    if deactivation.scheduled(application):
        sentences.append(
            gettext("Its schedule ends, and has to be set again; kept credentials stay.")
        )
    return sentences


def _example(application: Application) -> str:
    try:
        return catalogue.template(application.name).example
    except KeyError:  # made over the API from a template that is not in the catalogue
        return ""
