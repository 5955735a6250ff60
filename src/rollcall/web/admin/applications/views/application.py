"""The panel of one application: General Info, Bookmark, and the user groups it is bound to."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext

from rollcall.audit.actions import Action
from rollcall.directory import catalogue, groups
from rollcall.directory.models import Application, UserGroup
from rollcall.web.admin.applications.forms.application import ApplicationForm, values_of
from rollcall.web.admin.applications.panel import panel
from rollcall.web.shell import auditing


def show_application(request: HttpRequest, application_id: str) -> HttpResponseBase:
    """The panel; its form saves General Info and Bookmark, and activates or deactivates."""
    application = get_object_or_404(Application, pk=application_id)
    if request.POST.get("action") == "deactivate":
        _set_active(request, application, active=False)
        return redirect("application", application_id=application.pk)
    form = ApplicationForm(
        request.POST or None,
        request.FILES or None,
        application=application,
        example=_example(application),
    )
    if request.method == "POST" and form.is_valid():
        _save(request, application, form)
        tab = request.POST.get("tab", "general-info")
        return redirect(f"{reverse('application', args=[application.pk])}?tab={tab}")
    return panel(request, application, form, is_new=False)


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
    """Bind the application to these groups, with an entry in the audit log."""
    with transaction.atomic():
        if groups.bind(application, chosen).added:
            _note_groups(request, Action.APPLICATION_BIND, application, chosen)
    messages.success(
        request,
        gettext("{label} is bound to {groups}.").format(
            label=application.displayLabel, groups=", ".join(group.name for group in chosen)
        ),
    )


def _unbind(request: HttpRequest, application: Application, chosen: list[UserGroup]) -> None:
    with transaction.atomic():
        if groups.unbind(application, chosen).removed:
            _note_groups(request, Action.APPLICATION_UNBIND, application, chosen)
    messages.success(
        request,
        gettext("{label} is no longer bound to {groups}.").format(
            label=application.displayLabel, groups=", ".join(group.name for group in chosen)
        ),
    )


def _note_groups(
    request: HttpRequest, action: Action, application: Application, chosen: list[UserGroup]
) -> None:
    names = [group.name for group in chosen]
    side = "after" if action is Action.APPLICATION_BIND else "before"
    auditing.record(
        request,
        action,
        target_type="application",
        target_id=application.pk,
        target=application.displayLabel,
        before={"groups": names} if side == "before" else None,
        after={"groups": names} if side == "after" else None,
    )


def _save(request: HttpRequest, application: Application, form: ApplicationForm) -> None:
    with transaction.atomic():
        before = {**values_of(application), "active": application.active}
        logo = application.logo
        form.write_to(application)
        if request.POST.get("action") == "activate":
            application.active = True
        application.save()
        after = {**values_of(application), "active": application.active}
        if logo != application.logo:
            after["logo"] = gettext("new picture") if application.logo else ""
        auditing.record(
            request,
            Action.APPLICATION_UPDATE,
            target_type="application",
            target_id=application.pk,
            target=application.displayLabel,
            before=before,
            after=after,
        )
    messages.success(request, gettext("Saved."))


def _set_active(request: HttpRequest, application: Application, *, active: bool) -> None:
    with transaction.atomic():
        auditing.record(
            request,
            Action.APPLICATION_UPDATE,
            target_type="application",
            target_id=application.pk,
            target=application.displayLabel,
            before={"active": application.active},
            after={"active": active},
        )
        application.active = active
        application.save(update_fields=["active"])
    messages.success(
        request, gettext("{label} is inactive.").format(label=application.displayLabel)
    )


def _example(application: Application) -> str:
    try:
        return catalogue.template(application.name).example
    except KeyError:  # made over the API from a template that is not in the catalogue
        return ""
