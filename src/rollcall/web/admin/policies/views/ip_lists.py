"""An IP list: made, changed and deleted."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from rollcall.access.policies import services
from rollcall.access.policies.decision.faults import Malformed
from rollcall.access.policies.errors import Gone, InUse, NeedsConfirmation
from rollcall.access.policies.models import IpList
from rollcall.accounts.actors import actor_of
from rollcall.web.admin.policies import faults, foreseen
from rollcall.web.admin.policies.ip_list_form import IpListForm, lines
from rollcall.web.shell import confirm, once


def add_ip_list(request: HttpRequest) -> HttpResponseBase:
    """A new IP list."""
    if before := once.sent_before(request):
        return before
    form = IpListForm(request.POST if request.method == "POST" else None, now={})
    if request.method == "POST" and form.is_valid():
        try:
            made = once.made_once(request, lambda: _create(request, form))
        except Malformed as error:
            faults.add_to(form, error)
        else:
            if made is not None:
                return made
    return render(request, "policies/ip_list.html", {"form": form, "ip_list": None})


def edit_ip_list(request: HttpRequest, ip_list_id: str) -> HttpResponseBase:
    """Change an IP list, or delete it."""
    ip_list = get_object_or_404(IpList, pk=ip_list_id)
    if request.POST.get("action") == "delete":
        return _delete(request, ip_list)
    now = values_of(ip_list)
    form = IpListForm(request.POST if request.method == "POST" else None, now=now)
    if request.method == "POST" and form.is_valid():
        try:
            if _change(request, form, ip_list_id):
                messages.success(request, gettext("Saved."))
                return redirect("ip-lists")
        except Malformed as error:
            faults.add_to(form, error)
        except NeedsConfirmation as error:
            return _ask(request, ip_list, error)
        except Gone:
            messages.warning(request, gettext("The IP list has been deleted meanwhile."))
            return redirect("ip-lists")
    return render(request, "policies/ip_list.html", {"form": form, "ip_list": ip_list})


def values_of(ip_list: IpList) -> dict[str, str]:
    """The list as its form shows it."""
    return {
        "name": ip_list.name,
        "description": ip_list.description,
        "ips": "\n".join(ip_list.ips),
    }


def _create(request: HttpRequest, form: IpListForm) -> HttpResponseRedirect:
    made = services.create_ip_list(
        actor_of(request), _stored(form.cleaned_data), confirmed=confirm.is_confirmed(request)
    )
    messages.success(request, gettext("{name} was created.").format(name=made.name))
    return redirect("ip-lists")


@transaction.atomic
def _change(request: HttpRequest, form: IpListForm, id_: str) -> bool:
    """Store what was changed; False where that clashes with what somebody else has written."""
    services.hold()
    held = IpList.objects.filter(pk=id_).first()
    if held is None:
        raise Gone
    if form.clashes(values_of(held)):
        return False
    edited = _stored(form.edited(form.cleaned_data))
    confirmed = confirm.is_confirmed(request)
    services.update_ip_list(actor_of(request), id_, edited, confirmed=confirmed)
    return True


def _stored(values: dict[str, Any]) -> dict[str, Any]:
    known: dict[str, Any] = {}
    for name in ("name", "description"):
        if name in values:
            known[name] = values[name]
    return {**known, "ips": lines(str(values["ips"]))} if "ips" in values else known


def _ask(request: HttpRequest, ip_list: IpList, error: NeedsConfirmation) -> HttpResponseBase:
    return confirm.ask(
        request,
        title=gettext("Save {name} all the same?").format(name=ip_list.name),
        sentences=foreseen.reasons(error.foresight),
        yes=gettext("Save all the same"),
        back=_back(ip_list),
    )


def _delete(request: HttpRequest, ip_list: IpList) -> HttpResponseBase:
    if not confirm.is_confirmed(request):
        return confirm.ask(
            request,
            title=gettext("Delete {name}?").format(name=ip_list.name),
            sentences=[gettext("A list that a policy names stays.")],
            yes=gettext("Delete"),
            back=_back(ip_list),
        )
    try:
        services.delete_ip_list(actor_of(request), ip_list.pk)
    except InUse as error:
        told = gettext("{name} is named by these policies, and stays: {policies}").format(
            name=ip_list.name, policies=", ".join(error.names)
        )
        messages.error(request, told)
        return redirect(_back(ip_list))
    messages.success(request, gettext("{name} was deleted.").format(name=ip_list.name))
    return redirect("ip-lists")


def _back(ip_list: IpList) -> str:
    return reverse("ip-list", kwargs={"ip_list_id": ip_list.pk})
