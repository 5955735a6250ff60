"""The forms before sign-in: who somebody is, and the first administrator."""

from __future__ import annotations

from django import forms

from rollcall.accounts.forms import AccountEmailField, NameField, PasswordForm


class FirstAdministratorForm(PasswordForm):
    """The first administrator's e-mail and password."""

    email = AccountEmailField(widget=forms.EmailInput(attrs={"autocomplete": "username"}))
    field_order = ("email", "password", "repeated")


class NameForm(forms.Form):
    """The first step of signing in: an e-mail or a username, whosever it may be."""

    login = NameField()
