"""One's own profile: what the directory says, and a form for what one may change."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from rollcall.accounts import own_profile
from rollcall.accounts.actors import actor_of
from rollcall.directory import services
from rollcall.directory.models import User
from rollcall.directory.services import HAND, Refused, UserChange
from rollcall.web.me.profile_form import ProfileForm
from rollcall.web.shell.pages import signed_in
from rollcall.web.shell.refusals import add_to


def show_profile(request: HttpRequest) -> HttpResponseBase:
    """What the directory says of oneself, what one may change of it, language and theme."""
    account = signed_in(request)
    user = account.user
    form = ProfileForm(request.POST if request.method == "POST" else None, user) if user else None
    if request.method == "POST" and form and user and form.is_valid():
        saved = _save(request, form, user.pk)
        if isinstance(saved, Refused):
            add_to(form, saved.refusals)
        elif saved is not None:
            messages.success(request, gettext("Saved."))
            return redirect("me-profile")
    manager = user.manager if user else None
    context = {
        "email": account.address,
        "user_shown": user,
        "form": form if form and form.allowed else None,
        "may_save": form is not None and bool(form.open),
        "manager": f"{manager.firstname} {manager.lastname}".strip() if manager else "",
        "languages": settings.LANGUAGES,
    }
    return render(request, "me/profile.html", context)


@transaction.atomic
def _save(request: HttpRequest, form: ProfileForm, user_id: str) -> User | Refused | None:
    """The user with what was changed; None where that clashes with somebody else's change."""
    user = services.hold_users([user_id]).get(user_id)
    if user is None:
        raise PermissionDenied  # deleted in this very moment: nobody is signed in any more
    if form.clashes(own_profile.typed(user, form.open)):
        return None
    changes = own_profile.merged(user, form.changes)
    if not changes:
        return user
    [saved] = services.update_users(
        actor_of(request), HAND, [UserChange(user.pk, changes)], {user.pk: user}
    )
    return saved
