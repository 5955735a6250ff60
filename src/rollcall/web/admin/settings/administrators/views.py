"""Settings → Administrators: who may sign in, in which role; invite, change, deactivate."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext, gettext_lazy

from rollcall.accounts import invitations, one_time_links, second_factors, services
from rollcall.accounts.actors import actor_of
from rollcall.accounts.errors import EmailTakenError, LastAdministratorError
from rollcall.accounts.models import Account, Role
from rollcall.accounts.portal_address import base_url
from rollcall.mail import server
from rollcall.web.admin.settings.administrators.forms import (
    AdministratorForm,
    InviteForm,
    SecondFactorForm,
)
from rollcall.web.shell import confirm, once
from rollcall.web.shell.pages import signed_in

LAST: Final = gettext_lazy("This is the last active administrator. Make somebody else one first.")


def list_administrators(request: HttpRequest) -> HttpResponseBase:
    """The list, the form that invites somebody, and of whom a second factor is required."""
    if before := once.sent_before(request):
        return before
    is_about_factors = request.POST.get("action") == "second-factor"
    now = {"roles": sorted(second_factors.required_roles())}
    required = SecondFactorForm(request.POST if is_about_factors else None, now=now)
    if is_about_factors and required.is_valid() and not required.clashes(now):
        return _require(request, required, now["roles"])
    form = InviteForm(None if is_about_factors else request.POST or None)
    if form.is_bound and form.is_valid() and (invited := _invite(request, form)):
        return invited
    people = Account.objects.administrators().order_by("email")
    context = {"form": form, "required": required, "people": people}
    return render(request, "administrators/list.html", context)


def edit_administrator(request: HttpRequest, administrator_id: int) -> HttpResponseBase:
    """Change somebody's role, deactivate them, or make a new link for their password."""
    account = get_object_or_404(Account.objects.administrators(), pk=administrator_id)
    if request.POST.get("action") == "link":
        return _show_link(request, account)
    if request.POST.get("action") == "delete":
        return _delete(request, account)
    # the roles are declared from the widest to the narrowest
    role = next(role for role in Role if role in account.roles)
    now = {"role": role, "is_active": account.is_active}
    form = AdministratorForm(request.POST or None, now=now)
    if request.method == "POST" and form.is_valid() and not form.clashes(now):
        chosen = {**now, **form.edited(form.cleaned_data)}
        try:
            return _save(request, account, Role(chosen["role"]), bool(chosen["is_active"]))
        except LastAdministratorError:
            form.add_error(None, LAST)
    context = {"form": form, "person": account, "itself": account == signed_in(request)}
    return render(request, "administrators/administrator.html", context)


def _require(
    request: HttpRequest, form: SecondFactorForm, required: Sequence[Role]
) -> HttpResponseRedirect:
    chosen = form.edited(form.cleaned_data).get("roles", required)
    second_factors.require(actor_of(request), [Role(role) for role in chosen])
    messages.success(request, gettext("Saved."))
    return redirect("settings-administrators")


def _invite(request: HttpRequest, form: InviteForm) -> HttpResponseBase | None:
    """Make the account, then tell its owner; None where the e-mail is taken."""
    invited: list[Account] = []

    def make() -> HttpResponseRedirect | None:
        email, role = form.cleaned_data["email"], Role(form.cleaned_data["role"])
        try:
            invited.append(services.create(actor_of(request), email, {role}))
        except EmailTakenError:
            form.add_error("email", gettext("This e-mail can sign in already."))
            return None
        return redirect("settings-administrator", administrator_id=invited[0].pk)

    answer = once.made_once(request, make)
    # After the transaction: no mail server is waited for while the database is held.
    for account in invited:
        _tell(request, account)
    return answer


def _tell(request: HttpRequest, account: Account) -> None:
    if not server.is_set():
        told = gettext(
            "No mail server is set, so {email} gets no e-mail. Make a link below and hand it over."
        )
        messages.warning(request, told.format(email=account.email))
    # Where no server has taken it, the person's page offers the link to be handed on.
    elif invitations.send(account, base_url(request)):
        sent = gettext("The invitation is on its way to {email}.").format(email=account.email)
        messages.success(request, sent)


def _show_link(request: HttpRequest, account: Account) -> HttpResponseBase:
    link = one_time_links.issue(actor_of(request), account, base_url(request))
    # Drawn in answer to the POST: the link is in no address and in no browser's history.
    context = {"person": account, "link": link}
    return render(request, "administrators/link.html", context)


def _delete(request: HttpRequest, account: Account) -> HttpResponseBase:
    try:
        services.keep_an_administrator(account, (), is_active=False)
        if not confirm.is_confirmed(request):
            return _ask_delete(request, account)
        services.delete(actor_of(request), account)
    except LastAdministratorError:
        messages.error(request, LAST)
        return redirect("settings-administrator", administrator_id=account.pk)
    messages.success(request, gettext("{email} is deleted.").format(email=account.email))
    return redirect("settings-administrators")


def _ask_delete(request: HttpRequest, account: Account) -> HttpResponseBase:
    return confirm.ask(
        request,
        title=gettext("Delete {email}?").format(email=account.email),
        sentences=[
            gettext("They are signed out at once and cannot sign in any more."),
            gettext("What they did stays in the audit log."),
        ],
        yes=gettext("Delete"),
        back=request.path,
    )


def _save(request: HttpRequest, account: Account, role: Role, is_active: bool) -> HttpResponseBase:
    # before anybody is asked whether they are sure of what cannot be done
    services.keep_an_administrator(account, {role}, is_active)
    if account.is_active and not is_active and not confirm.is_confirmed(request):
        return _ask_deactivate(request, account)
    services.change(actor_of(request), account, roles={role}, is_active=is_active)
    messages.success(request, gettext("Saved."))
    return redirect("settings-administrators")


def _ask_deactivate(request: HttpRequest, account: Account) -> HttpResponseBase:
    return confirm.ask(
        request,
        title=gettext("Deactivate {email}?").format(email=account.email),
        sentences=[
            gettext("They are signed out at once and cannot sign in until made active again.")
        ],
        yes=gettext("Deactivate"),
        back=request.path,
    )
