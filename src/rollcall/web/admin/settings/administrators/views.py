"""Settings → Administrators: who may sign in, in which role; invite, change, deactivate."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext

from rollcall.accounts import invitations
from rollcall.accounts.first_start import password_link
from rollcall.accounts.models import Administrator, Role
from rollcall.accounts.signin import base_url
from rollcall.audit.actions import Action
from rollcall.web.admin.settings.administrators.forms import AdministratorForm, InviteForm
from rollcall.web.shell import auditing, confirm
from rollcall.web.shell.pages import administrator


def list_administrators(request: HttpRequest) -> HttpResponseBase:
    """The list, and the form that invites somebody."""
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = _invite(request, form.cleaned_data)
        return redirect("settings-administrator", administrator_id=made.pk)
    context = {"form": form, "people": Administrator.objects.order_by("email")}
    return render(request, "administrators/list.html", context)


def edit_administrator(request: HttpRequest, administrator_id: int) -> HttpResponseBase:
    """Change somebody's role, deactivate them, or make a new link for their password."""
    person = get_object_or_404(Administrator, pk=administrator_id)
    if request.POST.get("action") == "link":
        return _show_link(request, person)
    initial = {"role": person.role, "is_active": person.is_active}
    form = AdministratorForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid() and _may_save(person, form):
        if (
            person.is_active
            and not form.cleaned_data["is_active"]
            and not confirm.is_confirmed(request)
        ):
            return _ask_deactivate(request, person)
        if _change(request, person, initial, form):
            return redirect("settings-administrators")
    context = {"form": form, "person": person, "itself": person == administrator(request)}
    return render(request, "administrators/administrator.html", context)


def _invite(request: HttpRequest, data: dict[str, Any]) -> Administrator:
    with transaction.atomic():
        made = Administrator.objects.create_user(data["email"], role=data["role"])
        _note(
            request, Action.ADMINISTRATOR_CREATE, made, {}, {"email": made.email, "role": made.role}
        )
    if invitations.send(made, base_url(request)):
        messages.success(
            request, gettext("The invitation is on its way to {email}.").format(email=made.email)
        )
    return made


def _show_link(request: HttpRequest, person: Administrator) -> HttpResponseBase:
    with transaction.atomic():
        link = password_link(person, base_url(request))
        _note(request, Action.ADMINISTRATOR_LINK, person, {}, {})
    return render(request, "administrators/link.html", {"person": person, "link": link})


def _may_save(person: Administrator, form: AdministratorForm) -> bool:
    data = form.cleaned_data
    stays = data["is_active"] and data["role"] == Role.ADMINISTRATOR
    others = Administrator.objects.filter(role=Role.ADMINISTRATOR, is_active=True).exclude(
        pk=person.pk
    )
    if stays or others.exists():
        return True
    form.add_error(
        None, gettext("This is the last active administrator. Make somebody else one first.")
    )
    return False


def _ask_deactivate(request: HttpRequest, person: Administrator) -> HttpResponseBase:
    return confirm.ask(
        request,
        title=gettext("Deactivate {email}?").format(email=person.email),
        sentences=[
            gettext("They are signed out at once and cannot sign in until made active again.")
        ],
        yes=gettext("Deactivate"),
        back=request.path,
    )


def _change(
    request: HttpRequest, person: Administrator, before: dict[str, Any], form: AdministratorForm
) -> bool:
    """Save it, unless somebody else has just taken away the last other administrator."""
    data = form.cleaned_data
    after = {"role": data["role"], "is_active": data["is_active"]}
    with transaction.atomic():
        list(Administrator.objects.select_for_update().order_by("pk"))  # one such change at a time
        if not _may_save(person, form):
            return False
        Administrator.objects.filter(pk=person.pk).update(**after)
        _note(request, Action.ADMINISTRATOR_CHANGE, person, before, after)
    messages.success(request, gettext("Saved."))
    return True


def _note(
    request: HttpRequest,
    action: Action,
    person: Administrator,
    before: dict[str, Any],
    after: dict[str, Any],
) -> None:
    auditing.record(
        request,
        action,
        target_type="administrator",
        target_id=person.pk,
        target=person.email,
        before=before,
        after=after,
    )
