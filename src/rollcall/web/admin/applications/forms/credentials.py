"""Confirm Credentials: the form, what it starts from, and the account and options it makes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from rollcall.core.account_fields import by_name
from rollcall.core.errors import Problem
from rollcall.imports.models import Connection
from rollcall.imports.source_accounts import unseal_account
from rollcall.sources.base import Account, SourceKind
from rollcall.sources.errors import SettingsError
from rollcall.web.admin.applications.forms.account import corrections, form_field, refused_addresses
from rollcall.web.admin.applications.forms.options import OptionsForm, initial_options


class CredentialsForm(OptionsForm):
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

    def __init__(
        self,
        *args: Any,
        kind: SourceKind[Any],
        connection: Connection | None,
        may_keep: bool,
        **more: Any,
    ):
        initial = {"initial": _initial(kind, connection)}
        super().__init__(*args, connection=connection, **{**initial, **more})
        self.kind = kind
        self.may_keep = may_keep
        self.kept = _kept_account(connection)
        self.keeps = connection is not None and bool(connection.sealed_credentials)
        self._account: Account | None = None
        self._by_kept = False
        for field in kind.fields:
            self.fields[field.name] = form_field(field)
        # Kept credentials work without anybody signed in: that is an administrator's decision.
        if not (may_keep and kind.is_scheduled):
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
            # Nothing is typed then, and what the kept account lacks was refused when it was kept.
            self.fields[field.name].required = False

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


def _initial(kind: SourceKind[Any], connection: Connection | None) -> dict[str, Any]:
    advanced = [field for field in kind.fields if field.advanced and not field.is_secret]
    defaults = {field.name: field.default for field in advanced}
    known = (
        by_name(advanced, settings.CONFIGURATION.values)
        if connection is None
        else connection.settings
    )
    return {**defaults, **known, **initial_options(connection)}


def _kept_account(connection: Connection | None) -> Account | None:
    """The kept account; None where none is kept or it cannot be opened any more."""
    if connection is None or not connection.sealed_credentials:
        return None
    try:
        return unseal_account(connection.sealed_credentials)
    except Problem:
        return None
