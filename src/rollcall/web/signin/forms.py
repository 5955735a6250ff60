"""The forms behind one-time links: the first administrator, and a new password."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import (
    password_validators_help_text_html,
    validate_password,
)
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from rollcall.accounts.forms import AccountEmailField
from rollcall.accounts.models import Account


class PasswordForm(forms.Form):
    """A new password, typed twice."""

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=password_validators_help_text_html(),
    )
    repeated = forms.CharField(
        label=_("Password, once more"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, account: Account | None = None, **more: Any) -> None:
        super().__init__(*args, **more)
        self._account = account

    def clean(self) -> dict[str, str]:
        """Both passwords agree and are good enough."""
        data: dict[str, str] = super().clean() or {}
        password, repeated = data.get("password"), data.get("repeated")
        if password and repeated and password != repeated:
            self.add_error("repeated", _("The two passwords differ."))
        if password:
            try:
                owner = self._account or Account(email=data.get("email", ""))
                validate_password(password, owner)
            except ValidationError as error:
                self.add_error("password", error)
        return data


class FirstAdministratorForm(PasswordForm):
    """The first administrator's e-mail and password."""

    email = AccountEmailField(widget=forms.EmailInput(attrs={"autocomplete": "username"}))
    field_order = ("email", "password", "repeated")
