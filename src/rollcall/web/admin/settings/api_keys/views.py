"""Settings → API keys: the keys of the built-in directory's API; made, shown once, revoked."""

from __future__ import annotations

import secrets
from typing import Final

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from rollcall.accounts import api_keys
from rollcall.accounts.actors import actor_of
from rollcall.accounts.models import ApiKey, Role
from rollcall.core.sealing import seal, unseal
from rollcall.web.admin.settings.api_keys.forms import KeyForm
from rollcall.web.shell import confirm

SHOWN: Final = "rollcall_key_to_show"
"""Where the session keeps, sealed, the secret that is to be shown next."""


def list_keys(request: HttpRequest) -> HttpResponseBase:
    """The keys that work, and the form that makes one."""
    if request.POST.get("action") == "revoke":
        return _revoke(request)
    if made := request.GET.get("made"):
        return _show_once(request, made)
    form = KeyForm(
        request.POST if request.method == "POST" else None,
        initial={"form": secrets.token_urlsafe(16)},
    )
    if request.method == "POST" and form.is_valid():
        return _create(request, form)
    context = {"form": form, "keys": ApiKey.objects.filter(revoked=None).order_by("name", "pk")}
    return render(request, "api_keys/list.html", context)


def _create(request: HttpRequest, form: KeyForm) -> HttpResponseBase:
    """Make the key, then show it at its own address: a double click makes one, a reload none."""
    data = form.cleaned_data
    role = Role(data["role"] or Role.READ_ONLY)
    try:
        with transaction.atomic():
            key, secret = api_keys.create(actor_of(request), data["name"], role, data["form"])
    # The same form came twice: the first one's key is there, and its secret on the way.
    except IntegrityError:
        made = api_keys.made_with(data["form"])
        return redirect(_address(made) if made else "settings-api-keys")
    # Sealed, since sessions stand in the database.
    request.session[SHOWN] = {"key": key.pk, "secret": seal(secret).decode("ascii")}
    return redirect(_address(key))


def _show_once(request: HttpRequest, key_id: str) -> HttpResponseBase:
    """The secret of the key that was just made; at the next look it is gone."""
    kept = request.session.get(SHOWN)
    key = ApiKey.objects.filter(pk=key_id, revoked=None).first()
    if key is None or not kept or kept["key"] != key.pk:
        messages.info(request, gettext("A key is shown once, when it is made."))
        return redirect("settings-api-keys")
    # Gone before it is shown: not even a reload shows it again.
    del request.session[SHOWN]
    secret = unseal(kept["secret"].encode())
    return render(request, "api_keys/created.html", {"key": key, "secret": secret})


def _address(key: ApiKey) -> str:
    return f"{reverse('settings-api-keys')}?made={key.pk}"


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
