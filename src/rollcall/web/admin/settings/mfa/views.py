"""Settings → MFA: the rules for second factors, changed by one form."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from rollcall.accounts import factor_services
from rollcall.accounts.actors import actor_of
from rollcall.accounts.factor_services import FactorRules
from rollcall.web.admin.settings.mfa.forms import FactorRulesForm, group_ids, shown_names


def edit_rules(request: HttpRequest) -> HttpResponseBase:
    """Which factors are allowed, of whom one is required, and the enrolment period."""
    form = FactorRulesForm(
        request.POST if request.method == "POST" else None, now=_values(factor_services.current())
    )
    if request.method == "POST" and form.is_valid() and _save(request, form):
        messages.success(request, gettext("Saved."))
        return redirect("settings-mfa")
    return render(request, "mfa_settings/rules.html", {"form": form})


@transaction.atomic
def _save(request: HttpRequest, form: FactorRulesForm) -> bool:
    """Save what was changed; False where that clashes with somebody else's change."""
    now = factor_services.hold()
    if form.clashes(_values(now)):
        return False
    chosen = {**_values(now), **form.edited(form.cleaned_data)}
    rules = FactorRules(
        allowed=frozenset(chosen["allowed"]),
        passkey_sign_in=bool(chosen["passkey_sign_in"]),
        enrolment_days=int(chosen["enrolment_days"]),
        everybody=bool(chosen["everybody"]),
        groups=frozenset(group_ids(chosen["groups"].splitlines()).values()),
    )
    factor_services.save(actor_of(request), rules)
    return True


def _values(rules: FactorRules) -> dict[str, Any]:
    return {
        "allowed": sorted(rules.allowed),
        "passkey_sign_in": rules.passkey_sign_in,
        "everybody": rules.everybody,
        "groups": shown_names(rules.groups),
        "enrolment_days": rules.enrolment_days,
    }
