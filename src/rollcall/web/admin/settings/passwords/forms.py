"""The form of password settings: the default's, and those of user groups."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rollcall.accounts.models import PasswordPolicy
from rollcall.accounts.password_rules import LONGEST, MOST_REMEMBERED, SHORTEST
from rollcall.core import labels
from rollcall.web.admin.users.choices import group_choices
from rollcall.web.shell.merging import MergingForm

OF_GROUPS: Final = ("name", "groups")
"""What the default has not."""


class PasswordSettingsForm(MergingForm):
    """What is asked of passwords, and of sign-in with them."""

    name = forms.CharField(label=_("Name"), max_length=255)
    groups = forms.MultipleChoiceField(
        label=_("User Groups"), widget=forms.CheckboxSelectMultiple, required=False
    )
    min_length = forms.IntegerField(
        label=_("Least length"),
        min_value=SHORTEST,
        max_value=LONGEST,
        help_text=_("Characters, from 8 to 64."),
    )
    needs_lowercase = forms.BooleanField(label=_("Needs a lower-case letter"), required=False)
    needs_uppercase = forms.BooleanField(label=_("Needs a capital letter"), required=False)
    needs_digit = forms.BooleanField(label=_("Needs a digit"), required=False)
    needs_symbol = forms.BooleanField(label=_("Needs a symbol"), required=False)
    refuses_common = forms.BooleanField(label=_("Refuses common passwords"), required=False)
    refuses_names = forms.BooleanField(label=_("Refuses name, username and e-mail"), required=False)
    refuses_runs = forms.BooleanField(
        label=_("Refuses characters in a row"),
        required=False,
        help_text=_("Such as abcd, 4321 or 1111."),
    )
    history = forms.IntegerField(
        label=_("Earlier passwords refused"),
        min_value=0,
        max_value=MOST_REMEMBERED,
        help_text=_("From 0 to 24, beside the present one. Only hashes are kept."),
    )
    expires_after_days = forms.IntegerField(
        label=_("Expires after days"),
        required=False,
        min_value=1,
        max_value=3650,
        help_text=_("Empty: never. It holds from each person's next password on."),
    )
    warns_before_days = forms.IntegerField(
        label=_("Days of warning"),
        min_value=0,
        max_value=90,
        help_text=_("In this many days before, an e-mail a day says so."),
    )
    locks_after = forms.IntegerField(
        label=_("Locked after wrong passwords"),
        required=False,
        min_value=3,
        max_value=100,
        help_text=_(
            "Wherever they come from. Empty: never. Administrators are not locked; one address is "
            "always shut out for a quarter of an hour after five."
        ),
    )
    unlocks_after_minutes = forms.IntegerField(
        label=_("Unlocked after minutes"),
        required=False,
        min_value=5,
        max_value=90,
        help_text=_("From 5 to 90. Empty: only an administrator unlocks."),
    )
    session_hours = forms.IntegerField(
        label=_("Hours of a session"),
        min_value=1,
        max_value=720,
        help_text=_("How long somebody stays signed in to the user portal."),
    )

    def __init__(self, data: QueryDict | None, policy: PasswordPolicy, is_default: bool) -> None:
        super().__init__(data, now=values_of(policy))
        self._policy = policy
        if is_default:
            for name in OF_GROUPS:
                del self.fields[name]
            return
        field = self.fields["groups"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - declared above
        field.choices = group_choices()

    def clean_name(self) -> str:
        """A name that no other settings have."""
        name = labels.normalize(str(self.cleaned_data["name"]))
        others = PasswordPolicy.objects.exclude(pk=self._policy.pk).filter(name__iexact=name)
        if not name or others.exists():
            raise forms.ValidationError(gettext("Other settings have this name already."))
        return name


def values_of(policy: PasswordPolicy) -> Mapping[str, Any]:
    """The policy's values as the form shows them."""
    names = [name for name in PasswordSettingsForm.base_fields if name != "groups"]
    bound = policy.groups.all() if policy.pk and not policy.is_default else ()
    return {
        **{name: getattr(policy, name) for name in names},
        "groups": [group.pk for group in bound],
    }
