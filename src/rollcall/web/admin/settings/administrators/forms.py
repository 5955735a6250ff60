"""The forms of administrators: somebody new, and what changes about somebody."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from rollcall.accounts.forms import AccountEmailField
from rollcall.accounts.models import Role
from rollcall.web.shell.merging import MergingForm


class InviteForm(forms.Form):
    """Somebody new who may sign in."""

    email = AccountEmailField()
    role = forms.ChoiceField(
        label=_("Role"),
        choices=Role.choices,
        initial=Role.READ_ONLY,
        widget=forms.RadioSelect,
        help_text=_(
            "Administrator: everything. Manager: imports, users and groups. Help Desk: looks, "
            "unlocks users, sends activation e-mails again, resets second factors. Read only: "
            "looks, changes nothing. Command Runner: runs commands on devices, once there are any."
        ),
    )


class SecondFactorForm(MergingForm):
    """Of which roles a second factor is required."""

    roles = forms.MultipleChoiceField(
        label=_("Required of"),
        choices=Role.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Whoever has none sets one up at the next page they open."),
    )


class AdministratorForm(MergingForm):
    """What can be changed about somebody who may sign in."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, widget=forms.RadioSelect)
    is_active = forms.BooleanField(
        label=_("Active"), required=False, help_text=_("Only active people can sign in.")
    )
