"""The form of a new API key."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rollcall.accounts import api_keys
from rollcall.accounts.errors import NameMalformedError


class KeyForm(forms.Form):
    """A new key."""

    name = forms.CharField(
        label=_("Name"),
        max_length=255,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("What the key is for. What it writes stands in the audit log under this name."),
    )
    form = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    read_only = forms.BooleanField(
        label=_("Read only"),
        required=False,
        help_text=_("The key reads and searches, and changes nothing."),
    )

    def clean_name(self) -> str:
        """A name that looks the same wherever it is printed."""
        try:
            return api_keys.valid_name(str(self.cleaned_data["name"]))
        except NameMalformedError:
            raise forms.ValidationError(gettext("Leave control characters out.")) from None
