"""The forms of conditions about devices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rollcall.access.policies.decision.condition_parsing import SYSTEMS
from rollcall.access.policies.decision.faults import Malformed
from rollcall.web.admin.policies import words
from rollcall.web.admin.policies.row_form import FactRow, RowForm


class ManagedRow(FactRow):
    """The device is managed."""

    kind = "deviceManaged"


class EncryptedRow(FactRow):
    """The device's disk is encrypted."""

    kind = "deviceEncrypted"


class SystemRow(RowForm):
    """The device runs one of these systems."""

    kind = "operatingSystem"

    systems = forms.MultipleChoiceField(
        label=_("Operating systems"),
        choices=list(words.SYSTEMS.items()),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose an operating system.")},
    )

    def value(self, data: Mapping[str, Any]) -> list[str]:
        """Their names."""
        return list(data["systems"])

    @classmethod
    def read(cls, value: Any) -> dict[str, Any]:
        """Their names."""
        listed = [value] if isinstance(value, str) else value
        return {"systems": [str(system).lower() for system in listed]}


class VersionRow(RowForm):
    """The device runs this system in a version between two."""

    kind = "osVersion"

    system = forms.ChoiceField(
        label=_("Operating system"), choices=[(name, words.SYSTEMS[name]) for name in SYSTEMS]
    )
    at_least = forms.CharField(label=_("Version at least"), required=False, max_length=32)
    at_most = forms.CharField(label=_("Version at most"), required=False, max_length=32)

    def value(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """System and bounds."""
        bounds = {"atLeast": data["at_least"], "atMost": data["at_most"]}
        known = {name: bound for name, bound in bounds.items() if bound}
        return {"operatingSystem": data["system"], **known}

    @classmethod
    def read(cls, value: Any) -> dict[str, Any]:
        """System and bounds."""
        return {
            "system": str(value.get("operatingSystem", "")).lower(),
            "at_least": value.get("atLeast", ""),
            "at_most": value.get("atMost", ""),
        }

    def refusal(self, error: Malformed) -> str:
        """Which form a version has."""
        return gettext("Write at least one version, like 14.2.")
