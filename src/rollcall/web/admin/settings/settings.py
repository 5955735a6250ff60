"""Settings: User Management (default user states) and Notifications."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.forms.models import model_to_dict
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rollcall.accounts.models import Role
from rollcall.accounts.permissions import page
from rollcall.audit.actions import Action
from rollcall.directory.models import DefaultState, Organization
from rollcall.mail.models import Notifications
from rollcall.web.shell import auditing

STATES = ((DefaultState.ACTIVATED.value, _("Active")), (DefaultState.STAGED.value, _("Staged")))


class StateField(forms.ChoiceField):
    """Active or Staged, each as a radio button."""

    def __init__(self, **more: Any) -> None:
        super().__init__(choices=STATES, widget=forms.RadioSelect, **more)


class UserManagementForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """The default user state for each way that a user can come into being."""

    manualEntry = StateField(
        label=_("Manual creation"), help_text=_("Users made by hand on the Users page.")
    )
    csvImport = StateField(label=_("CSV import"), help_text=_("Users made in bulk over the API."))
    applicationImport = StateField(
        label=_("Application / Directory Integrations"),
        help_text=_(
            "Users made by an import from Personio. Staged users have no access until activated."
        ),
    )

    class Meta:
        model = Organization
        fields: ClassVar[list[str]] = ["manualEntry", "csvImport", "applicationImport"]


class NotificationsForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """When imports send an e-mail, and from whom."""

    live_threshold = forms.IntegerField(
        label=_("Threshold for live results"),
        help_text=_(
            "An import of fewer people shows its results live. One of this many or more also sends "
            "an e-mail to the administrator who started it, once it is complete."
        ),
        min_value=1,
        max_value=1_000_000,
    )
    sender = forms.CharField(label=_("Sender of e-mails"), required=False, max_length=255)

    class Meta:
        model = Notifications
        fields: ClassVar[list[str]] = ["live_threshold", "sender"]

    def clean_sender(self) -> str:
        """One address, with or without a name in front."""
        sender = str(self.cleaned_data["sender"]).strip()
        address = sender.rpartition("<")[2].rstrip(">") if "<" in sender else sender
        if not sender:
            return ""
        try:
            forms.EmailField().clean(address)
        except ValidationError:
            raise ValidationError(
                gettext("Write an address such as it@example.com or IT <it@example.com>.")
            ) from None
        return sender


@page(
    "settings/user-management/",
    name="settings-users",
    reads=Role.ADMINISTRATOR,
    writes=Role.ADMINISTRATOR,
)
def user_management(request: HttpRequest) -> HttpResponseBase:
    """Default user state, by creation source."""
    form = UserManagementForm(request.POST or None, instance=Organization.the())
    if request.method == "POST" and form.is_valid():
        _save(request, form, Action.SETTINGS_USER_MANAGEMENT_SAVE)
        return redirect("settings-users")
    return render(request, "portal/settings/user_management.html", {"form": form})


@page(
    "settings/notifications/",
    name="settings-notifications",
    reads=Role.ADMINISTRATOR,
    writes=Role.ADMINISTRATOR,
)
def notifications(request: HttpRequest) -> HttpResponseBase:
    """The threshold for live results and the sender."""
    form = NotificationsForm(request.POST or None, instance=Notifications.the())
    form.fields["sender"].help_text = gettext("Empty: {sender}").format(
        sender=settings.DEFAULT_FROM_EMAIL.replace("<", "(").replace(">", ")")
    )
    if request.method == "POST" and form.is_valid():
        _save(request, form, Action.SETTINGS_NOTIFICATIONS_SAVE)
        return redirect("settings-notifications")
    return render(request, "portal/settings/notifications.html", {"form": form})


def _save(
    request: HttpRequest,
    form: UserManagementForm | NotificationsForm,
    action: Action,
) -> None:
    before = {name: form.initial.get(name) for name in form.fields}
    with transaction.atomic():
        saved = form.save()
        auditing.record(
            request,
            action,
            target_type="settings",
            target_id=saved.pk,
            target=action.split(".")[1],
            before=before,
            after=model_to_dict(saved, fields=list(form.fields)),
        )
    messages.success(request, gettext("Saved."))
