"""The form of the Default Access Policy."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rollcall.access.policies.decision.facts import ResourceType
from rollcall.web.admin.policies import words
from rollcall.web.shell.merging import MergingForm


class DefaultsForm(MergingForm):
    """What becomes of whom no policy speaks of, by resource."""

    user_portal = forms.ChoiceField(label=_("User portal"))
    admin_portal = forms.ChoiceField(label=_("Admin portal"))
    application = forms.ChoiceField(label=_("Applications"))

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for type_ in ResourceType:
            field = self.fields[type_.value]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
            field.choices = list(words.DEFAULTS.items())
