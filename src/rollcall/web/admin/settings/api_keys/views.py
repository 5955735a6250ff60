"""Settings → API keys: the keys of the built-in directory's API; made, shown once, revoked."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from rollcall.accounts import api_keys
from rollcall.accounts.actors import actor_of
from rollcall.accounts.models import ApiKey, Role
from rollcall.web.admin.settings.api_keys.forms import KeyForm
from rollcall.web.shell import confirm


def list_keys(request: HttpRequest) -> HttpResponseBase:
    """The keys that work, and the form that makes one."""
    if request.POST.get("action") == "revoke":
        return _revoke(request)
    form = KeyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return _create(request, form.cleaned_data["name"], form.cleaned_data["read_only"])
    context = {"form": form, "keys": ApiKey.objects.filter(revoked=None).order_by("name", "pk")}
    return render(request, "api_keys/list.html", context)


def _create(request: HttpRequest, name: str, read_only: bool) -> HttpResponseBase:
    role = Role.READ_ONLY if read_only else Role.ADMINISTRATOR
    key, secret = api_keys.create(actor_of(request), name, role)
    # Drawn in answer to the POST: the secret is in no address, no session and no second answer.
    return render(request, "api_keys/created.html", {"key": key, "secret": secret})


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
    api_keys.revoke(actor_of(request), key)
    messages.success(request, gettext("{name} is revoked.").format(name=key.name))
    return redirect("settings-api-keys")
