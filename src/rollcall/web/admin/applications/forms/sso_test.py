"""The form of the test of single sign-on: as whom, and from where."""

from __future__ import annotations

import ipaddress

from django import forms
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rollcall.directory.models import User


class TestForm(forms.Form):
    """Whose sign-on is tried out, from which address."""

    __test__ = False

    user = forms.CharField(
        label=_("User"),
        max_length=254,
        help_text=_("Username or e-mail of the user who signs on."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    ip = forms.CharField(
        label=_("Address"),
        max_length=64,
        help_text=_("The IP address that they come from; conditions may look at it."),
    )

    def clean_user(self) -> User:
        """The user of this username or e-mail."""
        typed = str(self.cleaned_data["user"]).strip()
        user = User.objects.filter(Q(username__iexact=typed) | Q(email=typed.lower())).first()
        if user is None:
            raise forms.ValidationError(gettext("There is no such user."))
        return user

    def clean_ip(self) -> str:
        """An IP address."""
        typed = str(self.cleaned_data["ip"]).strip()
        try:
            return str(ipaddress.ip_address(typed))
        except ValueError:
            raise forms.ValidationError(
                gettext("Write an IP address, such as 192.0.2.7.")
            ) from None
