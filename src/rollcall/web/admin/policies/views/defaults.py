"""Default Access Policy by resource, break-glass accounts, and the file of countries."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rollcall.access.policies import books, countries, services
from rollcall.access.policies.countries import Problem
from rollcall.access.policies.decision.facts import ResourceType
from rollcall.access.policies.decision.policy import DEFAULTS, Default
from rollcall.access.policies.errors import NeedsConfirmation
from rollcall.access.policies.models import BreakGlass
from rollcall.accounts.actors import actor_of
from rollcall.accounts.models import Account
from rollcall.web.admin.policies import foreseen
from rollcall.web.admin.policies.defaults_form import DefaultsForm
from rollcall.web.shell import confirm

PROBLEMS: Mapping[Problem, Promise] = {
    Problem.NONE_SET: _("No file of countries is set (ROLLCALL_COUNTRY_FILE)."),
    Problem.MISSING: _("The file of countries is not there, or cannot be opened."),
    Problem.TOO_LARGE: _("The file of countries is too large."),
    Problem.MALFORMED: _("The file of countries is damaged, or none in MaxMind's format."),
}


def edit_defaults(request: HttpRequest) -> HttpResponseBase:
    """What becomes of whom no policy speaks of, and whom no policy keeps out."""
    action = request.POST.get("action", "")
    if action in ("add", "remove"):
        return _break_glass(request, wanted=action == "add")
    form = DefaultsForm(request.POST or None, now=_values())
    if request.method == "POST" and form.is_valid():
        try:
            if _save(request, form):
                messages.success(request, gettext("Saved."))
                return redirect("policy-defaults")
        except NeedsConfirmation as error:
            return confirm.ask(
                request,
                title=gettext("Save the defaults all the same?"),
                sentences=foreseen.reasons(error.foresight),
                yes=gettext("Save all the same"),
                back=request.path,
            )
    known = countries.current()
    kept = BreakGlass.objects.select_related("account").order_by("account__email")
    chosen = [row.account_id for row in kept]
    context = {
        "form": form,
        "break_glass": [row.account for row in kept],
        "others": Account.objects.administrators().exclude(pk__in=chosen).order_by("email"),
        "countries_built": known.built,
        "countries_problem": PROBLEMS[known.problem] if known.problem else "",
    }
    return render(request, "policies/defaults.html", context)


@transaction.atomic
def _save(request: HttpRequest, form: DefaultsForm) -> bool:
    """Store what was changed; False where that clashes with what somebody else has written."""
    services.hold()
    if form.clashes(_values()):
        return False
    for name, action in form.edited(form.cleaned_data).items():
        services.set_default(
            actor_of(request),
            ResourceType(name),
            Default(action),
            confirmed=confirm.is_confirmed(request),
        )
    return True


def _values() -> dict[str, str]:
    known = {**DEFAULTS, **books.defaults()}
    return {type_.value: default.value for type_, default in known.items()}


def _break_glass(request: HttpRequest, *, wanted: bool) -> HttpResponseBase:
    named = request.POST.get("account", "")
    number = int(named) if named.isdecimal() and len(named) < 19 else 0
    account = Account.objects.administrators().filter(pk=number).first()
    if account is None:
        messages.warning(request, gettext("Choose an administrator."))
    elif services.set_break_glass(actor_of(request), account, wanted):
        told = (
            gettext("No policy keeps {email} out any more. Each use of it sends an e-mail.")
            if wanted
            else gettext("Policies hold for {email} again.")
        )
        messages.success(request, told.format(email=account.email))
    return redirect("policy-defaults")
