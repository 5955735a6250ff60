"""Settings → Notifications: when imports send an e-mail, and from whom."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from rollcall.accounts.actors import actor_of
from rollcall.imports import notifications
from rollcall.mail.models import Notifications
from rollcall.web.admin.settings.notifications.forms import NotificationsForm, values_of


def edit_notifications(request: HttpRequest) -> HttpResponseBase:
    """The threshold for live results and the sender."""
    form = NotificationsForm(request.POST or None, now=values_of(Notifications.the()))
    form.fields["sender"].help_text = gettext("Empty: {sender}").format(
        # Help texts are trusted as HTML by the template: an address in angle brackets would be a
        # tag.
        sender=settings.DEFAULT_FROM_EMAIL.replace("<", "(").replace(">", ")")
    )
    if request.method == "POST" and form.is_valid() and _save(request, form):
        messages.success(request, gettext("Saved."))
        return redirect("settings-notifications")
    return render(request, "notifications/notifications.html", {"form": form})


@transaction.atomic
def _save(request: HttpRequest, form: NotificationsForm) -> bool:
    """Store what was changed; False where that clashes with what somebody else has written."""
    # Held, so that nobody writes between the comparison and the change.
    now = values_of(Notifications.objects.select_for_update().first() or Notifications())
    if form.clashes(now):
        return False
    notifications.choose(actor_of(request), **{**now, **form.edited(form.cleaned_data)})
    return True
