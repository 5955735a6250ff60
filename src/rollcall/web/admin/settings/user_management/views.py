"""Settings → User Management: the default user state, by the way a user comes into being."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from rollcall.audit.actions import Action
from rollcall.directory.models import Organization
from rollcall.web.admin.settings.saving import save
from rollcall.web.admin.settings.user_management.forms import UserManagementForm


def edit_default_states(request: HttpRequest) -> HttpResponseBase:
    """Default user state, by creation source."""
    form = UserManagementForm(request.POST or None, instance=Organization.the())
    if request.method == "POST" and form.is_valid():
        save(request, form, Action.SETTINGS_USER_MANAGEMENT_SAVE)
        return redirect("settings-users")
    return render(request, "user_management/default_states.html", {"form": form})
