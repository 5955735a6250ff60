"""The form of scheduled imports: how often, when, and whether they stop for review."""

from __future__ import annotations

from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from rollcall.imports.models import Connection

FIELDS = ("schedule", "schedule_at", "schedule_review")


class ScheduleForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """When the kept credentials are used."""

    schedule = forms.ChoiceField(
        label=_("Import"),
        required=False,
        choices=[
            ("", _("Never")),
            ("hourly", _("Every hour")),
            ("daily", _("Every day")),
            ("weekly", _("Every Monday")),
        ],
    )
    schedule_at = forms.TimeField(
        label=_("At"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=_("In the server's time zone. Of an hourly import only the minute counts."),
    )
    schedule_review = forms.BooleanField(
        label=_("Stop for review"),
        required=False,
        help_text=_("The import only plans; nothing is written until somebody has looked at it."),
    )

    class Meta:
        model = Connection
        fields: ClassVar[list[str]] = list(FIELDS)
