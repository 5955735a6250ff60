"""The forms of administrators: somebody new, and what changes about somebody."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rollcall.accounts.models import Administrator, Role


class InviteForm(forms.Form):
    """Somebody new who may sign in."""

    email = forms.EmailField(label=_("E-mail"), max_length=254)
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

    def clean_email(self) -> str:
        """An e-mail that nobody else signs in with."""
        email = str(self.cleaned_data["email"]).lower()
        if Administrator.objects.filter(email__iexact=email).exists():
            raise forms.ValidationError(gettext("This e-mail can sign in already."))
        return email


class AdministratorForm(forms.Form):
    """What can be changed about somebody who may sign in."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, widget=forms.RadioSelect)
    is_active = forms.BooleanField(
        label=_("Active"), required=False, help_text=_("Only active people can sign in.")
    )
