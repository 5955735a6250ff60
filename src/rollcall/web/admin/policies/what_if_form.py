"""The form of a what-if: one sign-in that somebody wants to know about."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rollcall.access.policies.decision.facts import Device, Factor, ResourceType
from rollcall.access.policies.what_if import Question
from rollcall.web.admin.policies import choices, words
from rollcall.web.admin.policies.choices import Choice

FIRST_YEAR: Final = 1970
LAST_YEAR: Final = 2999
"""Nearer to the ends of the calendar there are zones that have no such time."""


class WhatIfForm(forms.Form):
    """One sign-in that somebody wants to know about."""

    user = forms.CharField(
        label=_("User"), max_length=255, help_text=_("Username or e-mail; administrators too.")
    )
    resource = forms.ChoiceField(label=_("Resource"))
    address = forms.GenericIPAddressField(label=_("IP address"), required=False)
    country = forms.CharField(
        label=_("Country"),
        required=False,
        min_length=2,
        max_length=2,
        help_text=_("Two letters, like DE. Empty: as the address says."),
    )
    at = forms.DateTimeField(
        label=_("Date and time"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("Empty: now."),
    )
    factor = forms.ChoiceField(
        label=_("Second factor"),
        required=False,
        choices=[
            ("", _("none")),
            (Factor.TOTP.value, _("Authenticator app")),
            (Factor.WEBAUTHN.value, _("Passkey or security key")),
        ],
    )
    managed = forms.ChoiceField(label=_("Device managed"), required=False)
    encrypted = forms.ChoiceField(label=_("Device encrypted"), required=False)
    system = forms.ChoiceField(
        label=_("Operating system"),
        required=False,
        choices=[("", _("not known")), *words.SYSTEMS.items()],
    )
    version = forms.CharField(label=_("OS version"), required=False, max_length=32)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        unknown: list[Choice] = [("", _("not known")), ("yes", _("yes")), ("no", _("no"))]
        portals: list[Choice] = [
            (type_.value, words.RESOURCES[type_.value])
            for type_ in (ResourceType.USER_PORTAL, ResourceType.ADMIN_PORTAL)
        ]
        for name, offered in (
            ("managed", unknown),
            ("encrypted", unknown),
            ("resource", [*portals, *choices.applications()]),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
            field.choices = offered

    def clean_at(self) -> datetime | None:
        """A time that every zone has."""
        at: datetime | None = self.cleaned_data["at"]
        if at is not None and not FIRST_YEAR <= at.year <= LAST_YEAR:
            raise ValidationError(gettext("This time is out of range."))
        return at

    def question(self) -> Question:
        """What is asked; the form must be valid."""
        data = self.cleaned_data
        portal = data["resource"] in set(ResourceType)
        flags = {"yes": True, "no": False}
        return Question(
            data["user"],
            data["at"] or localtime(),
            "" if portal else data["resource"],
            ResourceType(data["resource"]) if portal else ResourceType.USER_PORTAL,
            data["address"],
            data["country"],
            Device(
                flags.get(data["managed"]),
                flags.get(data["encrypted"]),
                data["system"] or None,
                data["version"] or None,
            ),
            Factor(data["factor"]) if data["factor"] else None,
        )
