"""Settings → API keys: the keys of the built-in directory's API; made, shown once, revoked."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rollcall.accounts.models import Role
from rollcall.accounts.permissions import administrator, page
from rollcall.api import keys
from rollcall.api.models import ApiKey
from rollcall.web.shell import confirm


class KeyForm(forms.Form):
    """A new key."""

    name = forms.CharField(
        label=_("Name"),
        max_length=255,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("What the key is for. What it writes stands in the audit log under this name."),
    )
    read_only = forms.BooleanField(
        label=_("Read only"),
        required=False,
        help_text=_("The key reads and searches, and changes nothing."),
    )


@page(
    "settings/api-keys/",
    name="settings-api-keys",
    reads=Role.ADMINISTRATOR,
    writes=Role.ADMINISTRATOR,
)
def api_keys(request: HttpRequest) -> HttpResponseBase:
    """The keys that work, and the form that makes one."""
    if request.POST.get("action") == "revoke":
        return _revoke(request)
    form = KeyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return _create(request, form.cleaned_data["name"], form.cleaned_data["read_only"])
    context = {"form": form, "keys": ApiKey.objects.filter(revoked=None).order_by("name", "pk")}
    return render(request, "portal/settings/api_keys.html", context)


def _create(request: HttpRequest, name: str, read_only: bool) -> HttpResponseBase:
    key, secret = keys.create(
        name,
        read_only,
        created_by=administrator(request).email,
        source="portal",
        address=str(request.META.get("REMOTE_ADDR", "")),
    )
    return render(request, "portal/settings/api_key.html", {"key": key, "secret": secret})


def _revoke(request: HttpRequest) -> HttpResponseBase:
    key = ApiKey.objects.filter(pk=request.POST.get("key", ""), revoked=None).first()
    if key is None:
        return redirect("settings-api-keys")
    if not confirm.is_confirmed(request):
        return confirm.ask(
            request,
            title=gettext("Revoke {name}?").format(name=key.name),
            sentences=[gettext("Whatever uses this key is refused from then on, for good.")],
            yes=gettext("Revoke"),
            back=reverse("settings-api-keys"),
        )
    keys.revoke(
        key,
        revoked_by=administrator(request).email,
        source="portal",
        address=str(request.META.get("REMOTE_ADDR", "")),
    )
    messages.success(request, gettext("{name} is revoked.").format(name=key.name))
    return redirect("settings-api-keys")
