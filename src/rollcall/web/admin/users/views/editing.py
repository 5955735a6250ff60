"""A user added or changed by hand, and the suggestions for the manager."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from rollcall.accounts.models import Account
from rollcall.directory.models import User
from rollcall.directory.organization import default_states
from rollcall.directory.services import GONE, Refused
from rollcall.web.admin.users import provenance, writing
from rollcall.web.admin.users.forms import UserForm, typed
from rollcall.web.admin.users.names import full_name
from rollcall.web.shell import once, reauthentication
from rollcall.web.shell.refusals import add_to

SUGGESTED = 10


def add_user(request: HttpRequest) -> HttpResponseBase:
    """A user who does not come from an import."""
    if before := once.sent_before(request):
        return before
    form = UserForm(request.POST if request.method == "POST" else None, None)
    if request.method == "POST" and form.is_valid():
        made = once.made_once(request, lambda: _create(request, form))
        if made is not None:
            return made
    context = {
        "form": form,
        "state": default_states().manualEntry.value,
        "back": reverse("users"),
    }
    return render(request, "users/new.html", context)


def _create(request: HttpRequest, form: UserForm) -> HttpResponseRedirect | None:
    made = writing.create(request, form.values)
    if isinstance(made, Refused):
        add_to(form, made.refusals)
        return None
    messages.success(request, gettext("{name} was added.").format(name=full_name(made)))
    writing.warn_of_twin(request, made)
    return redirect("user", user_id=made.pk)


def edit_user(request: HttpRequest, user_id: str) -> HttpResponseBase:
    """Change a user's values; says which of them the next import writes over."""
    user = get_object_or_404(User.objects.select_related("manager"), pk=user_id)
    name = full_name(user)
    form = UserForm(request.POST if request.method == "POST" else None, user)
    if request.method == "POST" and form.is_valid():
        if _leads_elsewhere(user, form) and (asked := reauthentication.ask(request)):
            return asked
        changed = _save(request, form, user_id)
        if isinstance(changed, Refused):
            add_to(form, changed.refusals)
        elif changed is not None:
            messages.success(request, gettext("Saved."))
            if "email" in form.cleaned_data:
                writing.warn_of_twin(request, changed)
            return redirect("user", user_id=user.pk)
    context = {
        "form": form,
        "name": name,
        "origin": provenance.origin(user),
        "back": reverse("user", kwargs={"user_id": user.pk}),
    }
    return render(request, "users/edit.html", context)


def _leads_elsewhere(user: User, form: UserForm) -> bool:
    """Whether the mails with which somebody gets into their account would go to another address."""
    moved = form.cleaned_data.get("email", user.email) != user.email
    return moved and Account.objects.filter(user=user).exists()


@transaction.atomic
def _save(request: HttpRequest, form: UserForm, user_id: str) -> User | Refused | None:
    """The user with what was changed in the form; None where that clashes with somebody else's."""
    # Held, so that nobody writes between the comparison and the change.
    user = User.objects.select_for_update().filter(pk=user_id).first()
    if user is None:
        return GONE
    return None if form.clashes(typed(user)) else writing.change(request, user, form.values)


def suggest_managers(request: HttpRequest) -> HttpResponseBase:
    """Options for the manager's field: users in whose name, username or e-mail the text occurs."""
    typed = request.GET.get("manager", "").replace("\x00", "").strip()
    # One letter occurs in nearly everybody.
    users = User.objects.search(typed).by_name()[:SUGGESTED] if len(typed) > 1 else []
    options = [(user.username, full_name(user)) for user in users]
    return render(request, "users/suggestions.html", {"options": options})
