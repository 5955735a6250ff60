"""The form of a new API key."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rollcall.accounts import api_keys
from rollcall.accounts.errors import NameMalformedError
from rollcall.accounts.models import Role


class KeyForm(forms.Form):
    """A new key."""

    name = forms.CharField(
        label=_("Name"),
        max_length=255,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("What the key is for. What it writes stands in the audit log under this name."),
    )
    form = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    role = forms.ChoiceField(
        label=_("Role"),
        choices=Role.choices,
        required=False,
        initial=Role.READ_ONLY,
        widget=forms.RadioSelect,
        help_text=_(
            "Administrator: everything. Manager: imports, users and groups. Help Desk: reads, "
            "unlocks users and resets their second factors. Read only: reads and searches. Command "
            "Runner: nothing yet."
        ),
    )

    def clean_name(self) -> str:
        """A name that looks the same wherever it is printed."""
        try:
            return api_keys.valid_name(str(self.cleaned_data["name"]))
        except NameMalformedError:
            raise forms.ValidationError(gettext("Leave control characters out.")) from None
