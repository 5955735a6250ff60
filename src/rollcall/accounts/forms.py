"""The sign-in form and its relatives, in the portal's words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import ChangePasswordForm as AllauthChangePasswordForm
from allauth.account.forms import LoginForm, ResetPasswordForm
from django import forms
from django.core.validators import EmailValidator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rollcall.accounts import services, stand_in
from rollcall.accounts.errors import EmailMalformedError
from rollcall.accounts.models import Account
from rollcall.core import emails
from rollcall.core.refusal import refuse_invisible
from rollcall.core.text import settled


class AccountEmailField(forms.CharField):
    """An e-mail to sign in with, by the rule that holds at every door (`services.valid_email`)."""

    widget = forms.EmailInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=services.EMAIL_LIMIT, **kwargs)
        self.label = _("E-mail")
        self.validators.append(_refuse_malformed)

    def clean(self, value: Any) -> str:
        """The e-mail as accounts keep it."""
        return emails.normalize(super().clean(value))


class SignInForm(LoginForm):  # type: ignore[misc]  # allauth ships no types
    """E-mail and password; the link to a forgotten password stands below the button."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask_for_email(self.fields["login"])
        self.fields["password"].label = _("Password")
        self.fields["password"].help_text = ""

    def clean_login(self) -> str:
        """The e-mail as accounts keep it, however it was typed."""
        return emails.normalize(self.cleaned_data["login"])


class ForgottenPasswordForm(ResetPasswordForm):  # type: ignore[misc]  # allauth ships no types
    """The e-mail that gets the link."""

    users: Sequence[Account]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask_for_email(self.fields["email"])

    def clean_email(self) -> str:
        """The e-mail as accounts keep it; unknown ones are answered as known ones are."""
        self.cleaned_data["email"] = emails.normalize(self.cleaned_data["email"])
        email = str(super().clean_email())
        self.users = self.users or [stand_in.make(email)]
        return email


class ChangePasswordForm(AllauthChangePasswordForm):  # type: ignore[misc]  # it ships no types
    """The present password, and a new one."""

    def clean_oldpassword(self) -> str:
        """The present password; a wrong one counts as it does at sign-in, and is an event."""
        # allauth only compares: whoever finds an open desk could try as long as they like
        password = str(self.cleaned_data["oldpassword"])
        if not get_adapter().reauthenticate(self.user, password):
            raise get_adapter().validation_error("enter_current_password")
        return password


def _ask_for_email(field: forms.Field) -> None:
    field.label = _("E-mail")
    field.widget.attrs.pop("placeholder", None)
    # Django's own rule knows fewer e-mails than ours, and whoever has an account can type its own
    field.validators = [_refuse_malformed]


def _refuse_malformed(text: str) -> None:
    if hidden := refuse_invisible(gettext("E-mail"), settled(text), written=False):
        raise forms.ValidationError(hidden.text(gettext))
    try:
        services.valid_email(text)
    except EmailMalformedError:
        raise forms.ValidationError(EmailValidator.message) from None
