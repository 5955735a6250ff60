"""Settings → Directory: the form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rollcall.core import sealing
from rollcall.imports import cloud_account, open_targets
from rollcall.imports.models import DirectoryChoice
from rollcall.targets.errors import TargetRefused
from rollcall.targets.jumpcloud import Cloud
from rollcall.targets.jumpcloud.cloud import base_url
from rollcall.targets.jumpcloud.settings import DEFAULT_URL
from rollcall.web.admin.applications.forms.credentials import DIRECTORY_NAMES


class DirectoryForm(forms.Form):
    """Where imports go, and the account at JumpCloud."""

    directory = forms.ChoiceField(
        label=_("Imports go to"), widget=forms.RadioSelect, help_text=_("Each import may differ.")
    )
    url = forms.CharField(
        label=_("Address"), max_length=2048, required=False, widget=forms.TextInput({"type": "url"})
    )
    organization_id = forms.CharField(
        label=_("Organization ID"),
        max_length=64,
        required=False,
        help_text=_("Only for keys that have several organizations."),
    )
    api_key = forms.CharField(
        label=_("API key"),
        max_length=1024,
        required=False,
        # what was just typed comes back once, so that a tested key can be saved; a kept one never
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}, render_value=True),
    )

    def __init__(self, *args: Any, choice: DirectoryChoice, **more: Any) -> None:
        self.outside = cloud_account.from_outside()
        self.choice = choice
        super().__init__(*args, **{"initial": _initial(choice, self.outside), **more})
        listed = self.fields["directory"]
        assert isinstance(listed, forms.ChoiceField)  # noqa: S101 - for the type checker
        listed.choices = [(name, DIRECTORY_NAMES[name]) for name in open_targets.NAMES]
        if self.key_is_outside:
            del self.fields["api_key"]
        else:
            self.fields["api_key"].help_text = _key_help(self.key_is_kept)
        for field, name in _SETTINGS.items():
            self.fields[field].disabled = self.key_is_outside or name in self.outside

    @property
    def key_is_outside(self) -> bool:
        """Whether the key comes from the settings outside, and the account with it."""
        return cloud_account.KEY in self.outside

    @property
    def key_is_kept(self) -> bool:
        """Whether a key is stored."""
        return bool(self.choice.sealed_api_key)

    def clean_url(self) -> str:
        """The address alone; JumpCloud's own where none is given."""
        try:
            return base_url(str(self.cleaned_data["url"]) or DEFAULT_URL)
        except TargetRefused:
            raise forms.ValidationError(
                gettext("Write the address alone, such as {example}.").format(example=DEFAULT_URL)
            ) from None

    def clean(self) -> dict[str, Any]:
        """A kept key is sent nowhere but to the address that it was entered for."""
        data = super().clean() or {}
        typed = data.get("api_key") or self.key_is_outside
        address = None if self.fields["url"].disabled else data.get("url")
        # Else whoever may change the address could have the kept key sent to their own server.
        moved = self.key_is_kept and address not in (None, self.initial["url"])
        if moved and not typed:
            self.add_error("api_key", gettext("Another address needs the API key again."))
        elif data.get("directory") == open_targets.JUMPCLOUD and not (typed or self.key_is_kept):
            self.add_error("api_key", gettext("Enter an API key; without it no import can begin."))
        return data

    def cloud(self) -> Cloud:
        """The account as the form has it, with the kept key where none was typed.

        Raises:
            Unfit: the kept key cannot be opened.
        """
        data = self.cleaned_data
        key = data.get("api_key") or cloud_account.current().api_key
        return Cloud(data["url"], key, data["organization_id"])

    def save(self) -> DirectoryChoice:
        """Store the choice; what comes from outside is not copied."""
        data = self.cleaned_data
        self.choice.directory = data["directory"]
        for field in _SETTINGS:
            if not self.fields[field].disabled:
                setattr(self.choice, field, data[field])
        if data.get("api_key"):
            self.choice.sealed_api_key = sealing.seal(data["api_key"])
        self.choice.save()
        return self.choice


def _initial(choice: DirectoryChoice, outside: Mapping[str, str]) -> dict[str, Any]:
    """What the form begins with; a key from outside leaves nothing of what is stored."""
    initial: dict[str, Any] = {"directory": choice.directory}
    for field, name in _SETTINGS.items():
        stored = "" if cloud_account.KEY in outside else getattr(choice, field)
        initial[field] = outside.get(name) or stored
    initial["url"] = initial["url"] or DEFAULT_URL
    return initial


def _key_help(kept: bool) -> Any:
    if kept:
        return _("One is kept, encrypted, and not shown again. Enter another one to replace it.")
    return _("It is kept encrypted and not shown again. JumpCloud shows it under API Settings.")


_SETTINGS = {"url": cloud_account.URL, "organization_id": cloud_account.ORGANIZATION}
