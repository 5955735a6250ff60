"""The form of notifications: the threshold for live results, and the sender."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rollcall.mail.models import Notifications
from rollcall.mail.senders import valid_sender
from rollcall.web.shell.merging import MergingForm


class NotificationsForm(MergingForm):
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

    def clean_sender(self) -> str:
        """One address, with or without a name in front."""
        sender = str(self.cleaned_data["sender"])
        if not sender:
            return ""
        try:
            return valid_sender(sender)
        except ValueError:
            raise ValidationError(
                gettext("Write an address such as it@example.com or IT <it@example.com>.")
            ) from None


def values_of(notifications: Notifications) -> dict[str, Any]:
    """The settings as the form shows them."""
    return {"live_threshold": notifications.live_threshold, "sender": notifications.sender}
