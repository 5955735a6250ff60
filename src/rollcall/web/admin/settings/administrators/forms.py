"""The forms of administrators: somebody new, and what changes about somebody."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from rollcall.accounts.forms import AccountEmailField
from rollcall.accounts.models import Role


class InviteForm(forms.Form):
    """Somebody new who may sign in."""

    email = AccountEmailField()
    role = forms.ChoiceField(
        label=_("Role"),
        choices=Role.choices,
        initial=Role.READ_ONLY,
        widget=forms.RadioSelect,
        help_text=_(
            "Administrator: everything. Manager: imports, users and groups. Read only: looks, "
            "changes nothing."
        ),
    )


class AdministratorForm(forms.Form):
    """What can be changed about somebody who may sign in."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, widget=forms.RadioSelect)
    is_active = forms.BooleanField(
        label=_("Active"), required=False, help_text=_("Only active people can sign in.")
    )
