"""Settings → User Management: the default user state, by the way a user comes into being."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
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
    """Default user state, by creation source, and the length of usernames that are made."""
    form = UserManagementForm(request.POST or None, now=_values(Organization.the()))
    if request.method == "POST" and form.is_valid():
        saved = _save(request, form)
        if isinstance(saved, services.Refused):
            add_to(form, saved.refusals)
        elif saved is not None:
            messages.success(request, gettext("Saved."))
            return redirect("settings-users")
    return render(request, "user_management/default_states.html", {"form": form})


@transaction.atomic
def _save(request: HttpRequest, form: UserManagementForm) -> Organization | services.Refused | None:
    """The organization with what was changed; None where that clashes with somebody else's."""
    held = Organization.objects.select_for_update().get(pk=Organization.the().pk)
    if form.clashes(_values(held)):
        return None
    edited = form.edited(form.cleaned_data)
    # a number that was rubbed out stays as it is
    values = {name: value for name, value in edited.items() if value is not None}
    return services.update_organization(actor_of(request), values)


def _values(organization: Organization) -> dict[str, Any]:
    return {name: getattr(organization, name) for name in (*CREATION_SOURCES, "username_length")}
