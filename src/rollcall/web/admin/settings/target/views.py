"""Settings → Directory: which directory imports go to, and the account at JumpCloud."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from rollcall.accounts.actors import actor_of
from rollcall.imports import target_accounts
from rollcall.imports.models import TargetAccount, TargetChoice
from rollcall.targets.jumpcloud.kind import KIND
from rollcall.web.admin.settings.target import connection_test
from rollcall.web.admin.settings.target.connection_test import Tested
from rollcall.web.admin.settings.target.forms import DirectoryForm, values_of
from rollcall.web.shell import confirm


@never_cache
@sensitive_post_parameters("api_key")
def choose_target(request: HttpRequest) -> HttpResponseBase:
    """Choose the directory, enter the account, test the connection, remove the key."""
    choice, stored = TargetChoice.the(), TargetAccount.at(KIND.key)
    action = request.POST.get("action", "save")
    if request.method == "POST" and action == "remove":
        return _remove_key(request, choice, stored)
    form = DirectoryForm(request.POST or None, choice=choice, stored=stored)
    tested: Tested | None = None
    if request.method == "POST" and form.is_valid():
        # A test keeps nothing: what was typed stands in the form again.
        if action == "test":
            tested = connection_test.examine(form)
        elif _save(request, form):
            messages.success(request, gettext("Saved."))
            return redirect("settings-directory")
    context = {"form": form, "tested": tested}
    return render(request, "target/target.html", context)


@transaction.atomic
def _save(request: HttpRequest, form: DirectoryForm) -> bool:
    """Store what was changed; False where that clashes with what somebody else has written."""
    # Held, so that nobody writes between the comparison and the change.
    choice = TargetChoice.objects.select_for_update().first() or TargetChoice()
    stored = TargetAccount.objects.select_for_update().filter(pk=KIND.key).first()
    now = values_of(choice, stored or TargetAccount.at(KIND.key))
    if form.clashes(now):
        return False
    form.initial = now
    form.save(actor_of(request))
    return True


def _remove_key(
    request: HttpRequest, choice: TargetChoice, stored: TargetAccount
) -> HttpResponseBase:
    back = reverse("settings-directory")
    if not stored.sealed_secrets:
        return redirect(back)
    if not confirm.is_confirmed(request):
        return confirm.ask(
            request,
            title=gettext("Remove the API key"),
            sentences=_what_stops(choice),
            yes=gettext("Remove"),
            back=back,
        )
    target_accounts.remove_secrets(actor_of(request), KIND.key)
    messages.success(request, gettext("The API key is removed."))
    return redirect(back)


def _what_stops(choice: TargetChoice) -> list[str]:
    sentences = [gettext("Imports to JumpCloud stop until a key is entered again.")]
    if choice.target == KIND.key:
        sentences.append(gettext("Imports go to Rollcall's own directory from then on."))
    return sentences
