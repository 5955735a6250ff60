"""Confirm Credentials: the form, what it starts from, and the account and options it makes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rollcall.core.sealing import SealBroken
from rollcall.directory import labels
from rollcall.imports import fetching, open_targets
from rollcall.imports.errors import Unfit
from rollcall.imports.models import Connection
from rollcall.imports.options import Options
from rollcall.provisioning.mapping import DEFAULT_MAPPING
from rollcall.sources.base import ESSENTIAL
from rollcall.sources.personio.account import Account, base_url
from rollcall.sources.personio.errors import SettingsError
from rollcall.sources.personio.settings import DEFAULT_URL
from rollcall.targets.errors import TargetError

DIRECTORY_NAMES: Mapping[str, Any] = {
    "builtin": _("Rollcall's own directory"),
    "jumpcloud": _("JumpCloud"),
}


def _attributes() -> list[tuple[str, str]]:
    """What may be left out: everything but the e-mail and the status, by the directory's names."""
    return [
        (rule.source, gettext(labels.FIELDS[rule.target]))
        for rule in DEFAULT_MAPPING.rules
        if rule.source not in ESSENTIAL
    ]


class CredentialsForm(forms.Form):
    """What an import of an application asks for."""

    client_id = forms.CharField(
        label=_("Client ID"),
        max_length=512,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("Personio shows both under Settings, Integrations, API credentials."),
    )
    client_secret = forms.CharField(
        label=_("Client Secret"),
        max_length=1024,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    keep = forms.BooleanField(
        label=_("Keep for scheduled imports"),
        required=False,
        help_text=_("Encrypted, and never shown again. Otherwise they are gone after this import."),
    )
    personio_url = forms.CharField(
        label=_("API address"), max_length=2048, widget=forms.TextInput(attrs={"type": "url"})
    )
    api_version = forms.ChoiceField(label=_("API version"), choices=[("v1", "v1")])
    directory = forms.ChoiceField(label=_("Directory"))
    reactivation_allowed = forms.BooleanField(
        label=_("Reactivation allowed"),
        required=False,
        help_text=_("A suspended user whose employee is back at work becomes active."),
    )
    activate_staged = forms.BooleanField(
        label=_("Activate staged users"),
        required=False,
        help_text=_("A staged user whose employee is at work becomes active."),
    )
    max_suspensions = forms.IntegerField(
        label=_("Most suspensions"),
        required=False,
        min_value=0,
        help_text=_(
            "The import stops before it writes if more users than this would be suspended. Empty: "
            "more than ten, and more than a tenth of the imported users."
        ),
    )
    max_emptied = forms.IntegerField(
        label=_("Most emptied"),
        required=False,
        min_value=0,
        help_text=_(
            "The same if more users than this would lose their value of one field. Empty: more "
            "than ten, and more than a fifth."
        ),
    )
    min_read = forms.IntegerField(
        label=_("Least share read (percent)"),
        required=False,
        min_value=0,
        max_value=100,
        help_text=_(
            "The same if Personio lists fewer employees than this share of the imported users. "
            "Empty: 50."
        ),
    )

    without = forms.MultipleChoiceField(
        label=_("Without"),
        required=False,
        choices=_attributes,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Attributes of Personio that this import does not carry; the directory's values stay."
        ),
    )

    ADVANCED = (
        "personio_url",
        "api_version",
        "directory",
        "reactivation_allowed",
        "activate_staged",
        "max_suspensions",
        "max_emptied",
        "min_read",
        "without",
    )

    def __init__(self, *args: Any, connection: Connection | None, may_keep: bool, **more: Any):
        super().__init__(*args, **{"initial": _initial(connection), **more})
        self.kept = _kept_account(connection)
        self.connection = connection
        choice = self.fields["directory"]
        assert isinstance(choice, forms.ChoiceField)  # noqa: S101 - for the type checker
        choice.choices = [
            (target, DIRECTORY_NAMES.get(target, target)) for target in open_targets.NAMES
        ]
        # Kept credentials work without anybody signed in: that is an administrator's decision.
        if not may_keep:
            del self.fields["keep"]

    @property
    def advanced(self) -> list[forms.BoundField]:
        """The fields that stand under "advanced"."""
        return [self[name] for name in self.ADVANCED]

    @property
    def unchanged(self) -> list[tuple[str, object]]:
        """What stands under "advanced" now, as a form sends it; for the kept credentials."""
        values = [(name, self[name].initial) for name in self.ADVANCED if name != "personio_url"]
        return [
            (name, single)
            for name, value in values
            for single in (value if isinstance(value, list) else [value])
            if single is not None
        ]

    @property
    def advanced_open(self) -> bool:
        """Whether "advanced" is to be seen at once: something there is wrong."""
        return any(name in self.errors for name in self.ADVANCED) if self.is_bound else False

    def use_kept(self) -> None:
        """Take the kept credentials, with their address, instead of what would be typed."""
        for name in ("client_id", "client_secret", "personio_url"):
            self.fields[name].required = False

    def clean_personio_url(self) -> str:
        """The address without version and trailing slash."""
        typed = str(self.cleaned_data["personio_url"])
        try:
            return base_url(typed) if typed else ""
        except SettingsError:
            raise forms.ValidationError(
                gettext("Write the address alone, such as {example}.").format(example=DEFAULT_URL)
            ) from None

    def clean_directory(self) -> str:
        """A directory whose settings are there."""
        name = str(self.cleaned_data["directory"])
        try:
            open_targets.require(name)
        except (Unfit, TargetError):
            raise forms.ValidationError(
                gettext("JumpCloud has no API key yet: enter one under Settings, Directory.")
            ) from None
        return name

    def account(self) -> Account:
        """The account that was typed, paced and timed as the settings say."""
        data = self.cleaned_data
        return Account.of(
            {
                **settings.CONFIGURATION.values,
                "PERSONIO_CLIENT_ID": data["client_id"],
                "PERSONIO_CLIENT_SECRET": data["client_secret"],
                "PERSONIO_URL": data["personio_url"],
            }
        )

    def options(self) -> Options:
        """The lifecycle options and safeguards that were chosen."""
        data = self.cleaned_data
        return Options(
            reactivation_allowed=data["reactivation_allowed"],
            activate_staged=data["activate_staged"],
            max_suspensions=data["max_suspensions"],
            max_emptied=data["max_emptied"],
            min_read_share=None if data["min_read"] is None else data["min_read"] / 100,
            without=tuple(data["without"]),
        )


def _initial(connection: Connection | None) -> dict[str, Any]:
    address = settings.CONFIGURATION.get("PERSONIO_URL") or DEFAULT_URL
    if connection is None:
        return {"personio_url": address, "directory": open_targets.chosen()}
    options = Options.from_record(connection.options)
    share = options.min_read_share
    return {
        "personio_url": connection.personio_url,
        "api_version": connection.api_version,
        "directory": connection.directory,
        "reactivation_allowed": options.reactivation_allowed,
        "activate_staged": options.activate_staged,
        "max_suspensions": options.max_suspensions,
        "max_emptied": options.max_emptied,
        "min_read": None if share is None else round(share * 100),
        "without": list(options.without),
    }


def _kept_account(connection: Connection | None) -> Account | None:
    """The kept credentials; None where none are kept or none can be opened any more."""
    if connection is None or not connection.sealed_credentials:
        return None
    try:
        return fetching.open_account(connection.sealed_credentials)
    except (SealBroken, fetching.CredentialsGone):
        return None
