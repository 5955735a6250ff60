"""Settings → Notifications: when imports send an e-mail, and from whom."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from rollcall.accounts.actors import actor_of
from rollcall.imports import notifications
from rollcall.mail.models import Notifications
from rollcall.web.admin.settings.notifications.forms import NotificationsForm


def edit_notifications(request: HttpRequest) -> HttpResponseBase:
    """The threshold for live results and the sender."""
    form = NotificationsForm(request.POST or None, instance=Notifications.the())
    form.fields["sender"].help_text = gettext("Empty: {sender}").format(
        # Help texts are trusted as HTML by the template: an address in angle brackets would be a
        # tag.
        sender=settings.DEFAULT_FROM_EMAIL.replace("<", "(").replace(">", ")")
    )
    if request.method == "POST" and form.is_valid():
        notifications.choose(actor_of(request), **form.cleaned_data)
        messages.success(request, gettext("Saved."))
        return redirect("settings-notifications")
    return render(request, "notifications/notifications.html", {"form": form})
