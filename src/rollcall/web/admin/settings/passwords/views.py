"""Settings → Password Settings: the default, those of user groups, and their order."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from rollcall.accounts import password_policies
from rollcall.accounts.actors import actor_of
from rollcall.accounts.models import PasswordPolicy
from rollcall.accounts.password_check import asked
from rollcall.directory.models import UserGroup
from rollcall.web.admin.settings.passwords.forms import PasswordSettingsForm, values_of
from rollcall.web.shell import confirm, once


def list_policies(request: HttpRequest) -> HttpResponseBase:
    """What is asked of everybody, then of groups in their order; POST moves one up."""
    if request.method == "POST":
        policy = get_object_or_404(_bound(), pk=_number(request.POST.get("raise", "")))
        password_policies.raise_(actor_of(request), policy)
        return redirect("settings-passwords")
    everybodys = password_policies.default()
    others = [(policy, _summary(policy)) for policy in password_policies.ordered()]
    context = {"summary": _summary(everybodys), "others": others}
    return render(request, "passwords/list.html", context)


def edit_default(request: HttpRequest) -> HttpResponseBase:
    """What is asked of everybody for whom nothing else is set."""
    return _edit(request, password_policies.default(), is_default=True)


def add_policy(request: HttpRequest) -> HttpResponseBase:
    """Further settings, for the members of user groups; they come last in the order."""
    if before := once.sent_before(request):
        return before
    return _edit(request, PasswordPolicy(), is_default=False)


def edit_policy(request: HttpRequest, password_policy_id: int) -> HttpResponseBase:
    """Change settings of user groups, or delete them."""
    policy = get_object_or_404(_bound(), pk=password_policy_id)
    if request.POST.get("action") == "delete":
        return _delete(request, policy)
    return _edit(request, policy, is_default=False)


def _edit(request: HttpRequest, policy: PasswordPolicy, *, is_default: bool) -> HttpResponseBase:
    form = PasswordSettingsForm(request.POST or None, policy, is_default)
    if request.method == "POST" and form.is_valid():
        if policy.pk is None and not is_default:
            answer = once.made_once(request, lambda: _saved(request, form, policy))
        else:
            answer = _saved(request, form, policy)
        if answer is not None:
            return answer
    context = {"form": form, "policy": policy, "is_default": is_default}
    return render(request, "passwords/edit.html", context)


@transaction.atomic
def _saved(
    request: HttpRequest, form: PasswordSettingsForm, policy: PasswordPolicy
) -> HttpResponseBase | None:
    """Back to the list; None where somebody else has changed the same meanwhile."""
    # Held, so that nobody writes between the comparison and the change.
    held = PasswordPolicy.objects.select_for_update().filter(pk=policy.pk or 0).first() or policy
    now = values_of(held)
    if form.clashes(now):
        return None
    chosen = {**now, **form.edited(form.cleaned_data)}
    groups = UserGroup.objects.filter(pk__in=chosen.pop("groups"))
    password_policies.save(actor_of(request), held, chosen, groups)
    messages.success(request, gettext("Saved."))
    return redirect("settings-passwords")


def _delete(request: HttpRequest, policy: PasswordPolicy) -> HttpResponseBase:
    if not confirm.is_confirmed(request):
        return confirm.ask(
            request,
            title=gettext("Delete {name}?").format(name=policy.name),
            sentences=[
                gettext("For the members of its groups the next settings hold, else the default.")
            ],
            yes=gettext("Delete"),
            back=reverse("settings-passwords"),
        )
    password_policies.delete(actor_of(request), policy)
    messages.success(request, gettext("Deleted."))
    return redirect("settings-passwords")


def _summary(policy: PasswordPolicy) -> list[str]:
    """What the settings ask of a password, and what they do beside, in sentences."""
    lines = asked(policy)
    if days := policy.expires_after_days:
        line = ngettext("Expires after {n} day.", "Expires after {n} days.", days)
        lines.append(line.format(n=days))
    if times := policy.locks_after:
        lines.append(gettext("Locked after {n} wrong passwords.").format(n=times))
    line = ngettext("Signed in for {n} hour.", "Signed in for {n} hours.", policy.session_hours)
    return [*lines, line.format(n=policy.session_hours)]


def _bound() -> QuerySet[PasswordPolicy]:
    return PasswordPolicy.objects.exclude(position=None)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0
