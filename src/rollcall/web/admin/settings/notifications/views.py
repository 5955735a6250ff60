"""Settings → Notifications: when imports send an e-mail, and from whom."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from rollcall.audit.actions import Action
from rollcall.mail.models import Notifications
from rollcall.web.admin.settings.notifications.forms import NotificationsForm
from rollcall.web.admin.settings.saving import save


def edit_notifications(request: HttpRequest) -> HttpResponseBase:
    """The threshold for live results and the sender."""
    form = NotificationsForm(request.POST or None, instance=Notifications.the())
    form.fields["sender"].help_text = gettext("Empty: {sender}").format(
        sender=settings.DEFAULT_FROM_EMAIL.replace("<", "(").replace(">", ")")
    )
    if request.method == "POST" and form.is_valid():
        save(request, form, Action.SETTINGS_NOTIFICATIONS_SAVE)
        return redirect("settings-notifications")
    return render(request, "notifications/notifications.html", {"form": form})
