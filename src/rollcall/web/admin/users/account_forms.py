"""The forms of a user's account: where the activation e-mail goes, and an initial password."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rollcall.accounts.activation_mail import Mailbox
from rollcall.accounts.forms import AccountEmailField, PasswordForm
from rollcall.directory.models import User

OTHER = "other"


class ActivationForm(forms.Form):
    """To which of the user's addresses the activation e-mail goes, or to which other one."""

    mailbox = forms.ChoiceField(label=_("Send to"), widget=forms.RadioSelect)
    address = AccountEmailField(
        required=False, help_text=_("For another address. It is not stored with the user.")
    )

    def __init__(self, *args: Any, user: User, offers_other: bool = True, **more: Any) -> None:
        super().__init__(*args, **more)
        choices = [(Mailbox.COMPANY.value, user.email)]
        if offers_other:
            choices.append((OTHER, gettext("Another address")))
        else:
            del self.fields["address"]
        if user.alternateEmail:
            choices.insert(1, (Mailbox.ALTERNATE.value, user.alternateEmail))
        field = self.fields["mailbox"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = choices
        # As JumpCloud prefills it: whoever starts soon reads no company mail yet.
        field.initial = choices[1][0] if user.alternateEmail else choices[0][0]
        if offers_other:
            self.fields["address"].label = _("Another address")

    def clean(self) -> dict[str, Any]:
        """Another address is there where it was chosen."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("mailbox") == OTHER and not data.get("address") and not self.errors:
            self.add_error("address", _("Type the address."))
        return data


class InitialPasswordForm(PasswordForm):
    """A password that an administrator gives, and whether its owner replaces it first."""

    must_change = forms.BooleanField(
        label=_("Change at the next sign-in"), required=False, initial=True
    )
