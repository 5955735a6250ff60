"""Confirm Credentials: the form, what it starts from, and the account and options it makes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rollcall.core.account_fields import by_name
from rollcall.core.errors import Problem
from rollcall.directory import labels
from rollcall.imports import open_targets
from rollcall.imports.errors import Unfit
from rollcall.imports.models import Connection
from rollcall.imports.options import Options
from rollcall.imports.source_accounts import unseal_account
from rollcall.provisioning.mapping import DEFAULT_MAPPING
from rollcall.sources.base import ESSENTIAL, Account, SourceKind
from rollcall.sources.errors import SettingsError
from rollcall.targets import registry as targets
from rollcall.targets.errors import TargetError
from rollcall.web.admin.applications.forms.account import corrections, form_field, refused_addresses


def target_names() -> list[tuple[str, str]]:
    """What imports can go to, in words."""
    return [(key, gettext(targets.get(key).label)) for key in targets.known_keys()]


def _attributes() -> list[tuple[str, str]]:
    """What may be left out: everything but the e-mail and the status, by the directory's names."""
    return [
        (rule.source, gettext(labels.FIELDS[rule.target]))
        for rule in DEFAULT_MAPPING.rules
        if rule.source not in ESSENTIAL
    ]


class CredentialsForm(forms.Form):
    """What an import of an application asks for: the account, and how it is to be imported.

    The account's fields are those of its kind (`SourceKind.fields`).
    """

    keep = forms.BooleanField(
        label=_("Keep for scheduled imports"),
        required=False,
        help_text=_(
            "Encrypted, and never shown again, with the choices under Advanced. Otherwise both are "
            "for this import alone."
        ),
    )
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
            "The same if fewer employees are read than this share of the imported users. Empty: 50."
        ),
    )

    without = forms.MultipleChoiceField(
        label=_("Without"),
        required=False,
        choices=_attributes,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Attributes that this import does not carry; the directory's values stay."),
    )

    ADVANCED = (
        "directory",
        "reactivation_allowed",
        "activate_staged",
        "max_suspensions",
        "max_emptied",
        "min_read",
        "without",
    )

    def __init__(
        self,
        *args: Any,
        kind: SourceKind[Any],
        connection: Connection | None,
        may_keep: bool,
        **more: Any,
    ):
        super().__init__(*args, **{"initial": _initial(kind, connection), **more})
        self.kind = kind
        self.may_keep = may_keep
        self.kept = _kept_account(connection)
        self.keeps = connection is not None and bool(connection.sealed_credentials)
        self.connection = connection
        self._account: Account | None = None
        self._by_kept = False
        for field in kind.fields:
            self.fields[field.name] = form_field(field)
        choice = self.fields["directory"]
        assert isinstance(choice, forms.ChoiceField)  # noqa: S101 - for the type checker
        choice.choices = target_names()
        # Kept credentials work without anybody signed in: that is an administrator's decision.
        if not may_keep:
            del self.fields["keep"]

    @property
    def credentials(self) -> list[forms.BoundField]:
        """The fields of the account that everybody has to fill in."""
        return [self[field.name] for field in self.kind.fields if not field.advanced]

    @property
    def advanced(self) -> list[forms.BoundField]:
        """The fields that stand under "advanced"."""
        return [self[name] for name in self._advanced]

    @property
    def _advanced(self) -> list[str]:
        return [*(field.name for field in self.kind.fields if field.advanced), *self.ADVANCED]

    @property
    def unchanged(self) -> list[tuple[str, object]]:
        """What stands under "advanced" now, as a form sends it; for the kept credentials."""
        values = [(name, self[name].initial) for name in self.ADVANCED]
        return [
            (name, single)
            for name, value in values
            for single in (value if isinstance(value, list) else [value])
            if single is not None
        ]

    @property
    def advanced_open(self) -> bool:
        """Whether "advanced" is to be seen at once: something there is wrong."""
        return any(name in self.errors for name in self._advanced) if self.is_bound else False

    def use_kept(self) -> None:
        """Take the kept account, with its address, instead of what would be typed."""
        self._by_kept = True
        for field in self.kind.fields:
            self.fields[field.name].required = False

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

    def clean(self) -> dict[str, Any]:
        """An account can be made of what was typed."""
        data: dict[str, Any] = super().clean() or {}
        if self._by_kept:
            self._account = self.kept
        elif not any(field.name in self.errors for field in self.kind.fields):
            self._make_account(data)
        return data

    def _make_account(self, data: dict[str, Any]) -> None:
        """The account that was typed, tuned as the settings say."""
        typed = {field.variable: str(data.get(field.name, "")) for field in self.kind.fields}
        for name, line in refused_addresses(self.kind.fields, typed).items():
            self.add_error(name, line)
        try:
            self._account = self.kind.account({**settings.CONFIGURATION.values, **typed})
        except SettingsError as error:
            beside = corrections(self.kind.fields, error.names, str(error))
            if not beside:
                self.add_error(None, str(error))
            for name, line in beside.items():
                self.add_error(name, line)

    def account(self) -> Account:
        """The account that was typed, or the kept one; only of a valid form."""
        assert self._account is not None  # noqa: S101 - `clean` has made it
        return self._account

    def account_settings(self) -> dict[str, str]:
        """What was typed of the account beside its credentials, by the names of the fields."""
        if self._by_kept and self.connection is not None:
            return dict(self.connection.settings)
        names = (field.name for field in self.kind.fields if field.advanced)
        return {name: str(self.cleaned_data[name]) for name in names}

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


def _initial(kind: SourceKind[Any], connection: Connection | None) -> dict[str, Any]:
    advanced = [field for field in kind.fields if field.advanced and not field.is_secret]
    defaults = {field.name: field.default for field in advanced}
    if connection is None:
        outside = by_name(advanced, settings.CONFIGURATION.values)
        return {**defaults, **outside, "directory": open_targets.chosen()}
    options = Options.from_record(connection.options)
    share = options.min_read_share
    return {
        **defaults,
        **connection.settings,
        "directory": connection.target,
        "reactivation_allowed": options.reactivation_allowed,
        "activate_staged": options.activate_staged,
        "max_suspensions": options.max_suspensions,
        "max_emptied": options.max_emptied,
        "min_read": None if share is None else round(share * 100),
        "without": list(options.without),
    }


def _kept_account(connection: Connection | None) -> Account | None:
    """The kept account; None where none is kept or it cannot be opened any more."""
    if connection is None or not connection.sealed_credentials:
        return None
    try:
        return unseal_account(connection.sealed_credentials)
    except Problem:
        return None
