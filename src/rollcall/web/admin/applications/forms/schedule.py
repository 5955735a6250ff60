"""The form of scheduled imports: how often, when, and whether they stop for review."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rollcall.imports.models import Connection
from rollcall.web.shell.merging import MergingForm


class ScheduleForm(MergingForm):
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


def values_of(connection: Connection) -> dict[str, Any]:
    """The schedule as the form shows it."""
    return {
        "schedule": connection.schedule,
        # To the minute, as the browser's field gives it back.
        "schedule_at": f"{connection.schedule_at:%H:%M}",
        "schedule_review": connection.schedule_review,
    }
