"""Settings → User portal: what people may change about themselves."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rollcall.accounts import own_profile
from rollcall.accounts.actors import actor_of
from rollcall.web.shell.merging import MergingForm
from rollcall.web.shell.text.attributes import OWN


class UserPortalForm(MergingForm):
    """Which attributes people may change under Profile."""

    editable = forms.MultipleChoiceField(
        label=_("People may change about themselves"),
        choices=[(name, OWN[name]) for name in own_profile.OFFERED],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "What an import fills is HR's all the same: people see it and cannot change it."
        ),
    )


def edit_settings(request: HttpRequest) -> HttpResponseBase:
    """Which attributes people may change about themselves."""
    now = {"editable": sorted(own_profile.editable())}
    form = UserPortalForm(request.POST if request.method == "POST" else None, now=now)
    if request.method == "POST" and form.is_valid() and not form.clashes(now):
        chosen = form.edited(form.cleaned_data).get("editable", now["editable"])
        own_profile.let_edit(actor_of(request), chosen)
        messages.success(request, gettext("Saved."))
        return redirect("settings-user-portal")
    return render(request, "user_portal/settings.html", {"form": form})
