"""Settings → Directory: the form."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rollcall.audit.actor import Actor
from rollcall.core.outgoing import addresses
from rollcall.imports import target_accounts
from rollcall.imports.models import TargetAccount, TargetChoice
from rollcall.targets.errors import TargetRefused
from rollcall.targets.jumpcloud.account import Account, base_url
from rollcall.targets.jumpcloud.kind import FIELDS, KIND
from rollcall.targets.jumpcloud.settings import DEFAULT_URL
from rollcall.web.admin.applications.forms.account import not_allowed
from rollcall.web.admin.applications.forms.options import target_names
from rollcall.web.shell.merging import MergingForm


class DirectoryForm(MergingForm):
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

    def __init__(
        self, data: QueryDict | None, *, choice: TargetChoice, stored: TargetAccount
    ) -> None:
        self.outside = target_accounts.from_outside(KIND.key)
        self.choice, self.stored = choice, stored
        super().__init__(data, now=values_of(choice, stored))
        listed = self.fields["directory"]
        assert isinstance(listed, forms.ChoiceField)  # noqa: S101 - for the type checker
        listed.choices = target_names()
        if self.key_is_outside:
            del self.fields["api_key"]
        else:
            self.fields["api_key"].help_text = _key_help(self.key_is_kept)
        for field, name in _SETTINGS.items():
            self.fields[field].disabled = self.key_is_outside or name in self.outside

    @property
    def key_is_outside(self) -> bool:
        """Whether the key comes from the settings outside, and the account with it."""
        return target_accounts.has_outside_secret(KIND.key)

    @property
    def key_is_kept(self) -> bool:
        """Whether a key is stored."""
        return bool(self.stored.sealed_secrets)

    def is_edited(self, name: str) -> bool:
        """Whether the field was changed; what stands beside a key that is typed goes with it."""
        typed = "api_key" in self.fields and bool(self["api_key"].data)
        return super().is_edited(name) or (typed and name in _SETTINGS)

    def clean_url(self) -> str:
        """The address alone; JumpCloud's own where none is given."""
        try:
            url = base_url(str(self.cleaned_data["url"]) or DEFAULT_URL)
        except TargetRefused:
            raise forms.ValidationError(
                gettext("Write the address alone, such as {example}.").format(example=DEFAULT_URL)
            ) from None
        if not addresses.is_allowed(url, own=DEFAULT_URL):
            raise forms.ValidationError(not_allowed())
        return url

    def clean(self) -> dict[str, Any]:
        """A kept key is sent nowhere but to the address that it was entered for."""
        data = super().clean() or {}
        typed = data.get("api_key") or self.key_is_outside
        address = None if self.fields["url"].disabled else self._merged("url")
        # Else whoever may change the address could have the kept key sent to their own server.
        moved = self.key_is_kept and address not in (None, self.initial["url"])
        if moved and not typed:
            self.add_error("api_key", gettext("Another address needs the API key again."))
        elif data.get("directory") == KIND.key and not (typed or self.key_is_kept):
            self.add_error("api_key", gettext("Enter an API key; without it no import can begin."))
        return data

    def account(self) -> Account:
        """The account as the form has it, with the kept key where none was typed.

        Raises:
            Unfit: the kept key cannot be opened.
        """
        key = self.cleaned_data.get("api_key") or target_accounts.current(KIND.key).api_key
        return Account(self._merged("url"), key, self._merged("organization_id"))

    def save(self, actor: Actor) -> None:
        """Store what was changed of the choice and the account; nothing from outside is copied."""
        # A disabled field has its initial value, which is from outside and not to be stored.
        account = {name: self._merged(name) for name in _SETTINGS if not self.fields[name].disabled}
        key = self.cleaned_data.get("api_key")
        secrets = {"api_key": key} if key else {}
        target_accounts.choose(actor, self._merged("directory"), KIND.key, account, secrets)

    def _merged(self, name: str) -> Any:
        """The valid value where it was changed here, else the one that is stored now.

        An address that is not changed here may have been changed elsewhere: a kept key goes to the
        one that it was entered for.
        """
        return self.cleaned_data.get(name) if self.is_edited(name) else self.initial[name]


def values_of(choice: TargetChoice, stored: TargetAccount) -> dict[str, Any]:
    """The choice and the account as the form shows them.

    A key from outside leaves nothing of what is stored.
    """
    outside = target_accounts.from_outside(KIND.key)
    kept = {} if target_accounts.has_outside_secret(KIND.key) else stored.settings
    initial: dict[str, Any] = {"directory": choice.target}
    for field, variable in _SETTINGS.items():
        initial[field] = outside.get(variable) or kept.get(field, "")
    initial["url"] = initial["url"] or DEFAULT_URL
    return initial


def _key_help(kept: bool) -> Any:
    if kept:
        return _("One is kept, encrypted, and not shown again. Enter another one to replace it.")
    return _("It is kept encrypted and not shown again. JumpCloud shows it under API Settings.")


_SETTINGS = {field.name: field.variable for field in FIELDS if not field.is_secret}
