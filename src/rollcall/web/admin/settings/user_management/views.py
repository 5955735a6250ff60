"""Settings → User Management: the default user state, by the way a user comes into being."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from rollcall.accounts.actors import actor_of
from rollcall.directory import services
from rollcall.directory.models import Organization
from rollcall.directory.organization import CREATION_SOURCES
from rollcall.web.admin.settings.user_management.forms import UserManagementForm
from rollcall.web.shell.refusals import add_to


def edit_default_states(request: HttpRequest) -> HttpResponseBase:
    """Default user state, by creation source."""
    organization = Organization.the()
    states: dict[str, str] = {source: getattr(organization, source) for source in CREATION_SOURCES}
    form = UserManagementForm(request.POST or None, initial=states)
    if request.method == "POST" and form.is_valid():
        saved = services.update_organization(actor_of(request), form.cleaned_data)
        if not isinstance(saved, services.Refused):
            messages.success(request, gettext("Saved."))
            return redirect("settings-users")
        add_to(form, saved.refusals)
    return render(request, "user_management/default_states.html", {"form": form})
