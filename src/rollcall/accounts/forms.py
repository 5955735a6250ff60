"""The sign-in form and its relatives, in the portal's words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import ChangePasswordForm as AllauthChangePasswordForm
from allauth.account.forms import LoginForm, ResetPasswordForm, ResetPasswordKeyForm
from allauth.mfa.base.forms import BaseAuthenticateForm
from allauth.mfa.models import Authenticator
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rollcall.accounts import password_check, services, sign_in_names, stand_in
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


class NameField(forms.CharField):
    """What somebody signs in with: an e-mail or a username, however it is typed."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=services.EMAIL_LIMIT, **kwargs)
        self.label = _("E-mail or username")
        self.widget.attrs |= {"autocomplete": "username", "autocapitalize": "none"}
        self.validators.append(_refuse_hidden)


class SignInForm(LoginForm):  # type: ignore[misc]  # allauth ships no types
    """E-mail or username, and password: the second step of signing in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = NameField()
        # It was typed in the step before, and stays for password managers to read.
        self.fields["login"].widget.attrs["readonly"] = True
        self.fields["password"].label = _("Password")
        self.fields["password"].help_text = ""
        self.fields["password"].widget.attrs |= {"placeholder": "", "autofocus": True}
        self.order_fields(("login", "password"))

    @cached_property
    def email(self) -> str:
        """The e-mail of the account that is meant, under which failures are counted."""
        return sign_in_names.email_of(self.cleaned_data["login"])

    def user_credentials(self) -> dict[str, str]:
        """What is held against the account that is meant."""
        return {"email": self.email, "password": self.cleaned_data["password"]}


class PasswordForm(forms.Form):
    """A new password, typed twice."""

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    repeated = forms.CharField(
        label=_("Password, once more"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, account: Account | None = None, **more: Any) -> None:
        super().__init__(*args, **more)
        self._account = account
        self.fields["password"].help_text = password_check.help_for(account)

    def clean(self) -> dict[str, str]:
        """Both passwords agree and are good enough."""
        data: dict[str, str] = super().clean() or {}
        password, repeated = data.get("password"), data.get("repeated")
        if password and repeated and password != repeated:
            self.add_error("repeated", _("The two passwords differ."))
        # Only what would be stored is held against earlier passwords: whoever gives somebody a
        # password must not learn by guessing, and leaving no trace, which one they have.
        elif password and repeated:
            try:
                owner = self._account or Account(email=data.get("email", ""))
                validate_password(password, owner)
            except ValidationError as error:
                self.add_error("password", error)
        return data


class ForgottenPasswordForm(ResetPasswordForm):  # type: ignore[misc]  # allauth ships no types
    """The e-mail that gets the link."""

    users: Sequence[Account]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask_for_email(self.fields["email"])

    def clean_email(self) -> str:
        """The e-mail as accounts keep it; unknown ones are answered as known ones are."""
        email = emails.normalize(self.cleaned_data["email"])
        account = sign_in_names.owner_of(email)
        self.users = [account or stand_in.make(email)]
        return email


class NewPasswordForm(ResetPasswordKeyForm):  # type: ignore[misc]  # allauth ships no types
    """A new password for one that was forgotten, and the second factor where there is one.

    Whoever reads somebody's e-mails gets in by them alone only where nothing else protects that
    person. A key without an app has recovery codes, as allauth makes them with it.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].help_text = password_check.help_for(self.user)
        if self.user is not None and _has_factor(self.user):
            self.fields["code"] = forms.CharField(
                label=_("Code of your second factor"),
                max_length=64,
                help_text=_("Of your authenticator app, or a recovery code."),
                widget=forms.TextInput(attrs={"autocomplete": "one-time-code"}),
            )

    def clean(self) -> dict[str, Any]:
        """The passwords agree, and the code is right: asked last, since a code works once."""
        data: dict[str, Any] = super().clean() or {}
        if "code" in self.fields and not self.errors:
            proof = BaseAuthenticateForm({"code": data["code"]}, user=self.user)
            if not proof.is_valid():
                self.add_error("code", proof.errors["code"])
        return data


class ChangePasswordForm(AllauthChangePasswordForm):  # type: ignore[misc]  # it ships no types
    """The present password, and a new one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].help_text = password_check.help_for(self.user)

    def clean_oldpassword(self) -> str:
        """The present password; a wrong one counts as it does at sign-in, and is an event."""
        # allauth only compares: whoever finds an open desk could try as long as they like
        password = str(self.cleaned_data["oldpassword"])
        if not get_adapter().reauthenticate(self.user, password):
            raise get_adapter().validation_error("enter_current_password")
        return password


def _has_factor(account: Account) -> bool:
    factors = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return bool(Authenticator.objects.filter(user=account.pk, type__in=factors).exists())


def _ask_for_email(field: forms.Field) -> None:
    field.label = _("E-mail")
    field.widget.attrs.pop("placeholder", None)
    # Django's own rule knows fewer e-mails than ours, and whoever has an account can type its own
    field.validators = [_refuse_malformed]


def _refuse_hidden(text: str) -> None:
    if hidden := refuse_invisible(gettext("E-mail"), settled(text), written=False):
        raise forms.ValidationError(hidden.text(gettext))


def _refuse_malformed(text: str) -> None:
    _refuse_hidden(text)
    try:
        services.valid_email(text)
    except EmailMalformedError:
        raise forms.ValidationError(EmailValidator.message) from None
