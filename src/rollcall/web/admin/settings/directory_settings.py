"""Settings → Directory: the form, and what a connection test has found, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rollcall.core import sealing
from rollcall.imports import cloud_account, open_targets
from rollcall.imports.errors import Unfit
from rollcall.imports.models import DirectoryChoice
from rollcall.targets.errors import TargetError, TargetRefused
from rollcall.targets.jumpcloud import Cloud, JumpCloudTarget, Pace
from rollcall.targets.jumpcloud.cloud import DEFAULT_URL, base_url
from rollcall.targets.jumpcloud.responses import (
    KeyRefused,
    NotTheCloud,
    RightMissing,
    WrongOrganization,
)
from rollcall.web.admin.applications.credential_check import Failure
from rollcall.web.admin.applications.credentials import DIRECTORY_NAMES

HURRIED = Pace(first_wait=0.2, longest_wait=1.0, attempts=2, timeout=3.0)
"""A person waits for a connection test: fifteen seconds at the most where nothing answers."""


@dataclass(frozen=True)
class Tested:
    """What a connection test found: the organization and the key's rights, or why there is none.

    `default_state` is the state that the organization gives to imported users.
    """

    organization: str = ""
    may_write: bool = False
    default_state: str = ""
    failure: Failure | None = None


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
        listed.choices = [(one, DIRECTORY_NAMES[one]) for one in open_targets.NAMES]
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


def examine(form: DirectoryForm) -> Tested:
    """Ask JumpCloud what the account in this valid form is and may do."""
    try:
        with JumpCloudTarget(form.cloud(), pace=HURRIED) as directory:
            access = directory.check()
            state = directory.default_state()
    except Unfit as problem:
        return Tested(failure=Failure(gettext("The kept API key is lost"), "", str(problem)))
    except TargetError as problem:
        return Tested(failure=_in_words(problem, form.cleaned_data["url"]))
    return Tested(access.name, access.may_write, state.value)


def _in_words(problem: TargetError, url: str) -> Failure:
    match problem:
        case KeyRefused():
            title = gettext("Wrong API key")
            advice = gettext(
                "JumpCloud does not know this key. Copy it once more, or make another."
            )
        case WrongOrganization():
            title = gettext("Wrong organization")
            advice = gettext(
                "The key is right, but not for this organization. Check the organization ID; leave "
                "it empty where the key has one organization only."
            )
        case RightMissing():
            title = gettext("No access")
            advice = gettext(
                "JumpCloud knows the key, but does not let it read. Give its administrator a role "
                "that may read users, or check whether this server's address is blocked."
            )
        case NotTheCloud():
            title = gettext("Not JumpCloud")
            advice = gettext("Something else answers at {url}. Check the address.").format(url=url)
        case TargetRefused():
            title = gettext("JumpCloud refused")
            advice = gettext("Check address, organization ID and API key.")
        case _:
            title = gettext("JumpCloud is unreachable")
            advice = gettext(
                "No usable answer came from {url}. Check the address and the network, then try "
                "again."
            ).format(url=url)
    return Failure(title, advice, str(problem))


def _initial(choice: DirectoryChoice, outside: Mapping[str, str]) -> dict[str, Any]:
    """What the form begins with; a key from outside leaves nothing of what is stored."""
    found: dict[str, Any] = {"directory": choice.directory}
    for field, name in _SETTINGS.items():
        stored = "" if cloud_account.KEY in outside else getattr(choice, field)
        found[field] = outside.get(name) or stored
    found["url"] = found["url"] or DEFAULT_URL
    return found


def _key_help(kept: bool) -> Any:
    if kept:
        return _("One is kept, encrypted, and not shown again. Enter another one to replace it.")
    return _("It is kept encrypted and not shown again. JumpCloud shows it under API Settings.")


_SETTINGS = {"url": cloud_account.URL, "organization_id": cloud_account.ORGANIZATION}
