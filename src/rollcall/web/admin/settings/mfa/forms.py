"""The form of the rules for second factors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rollcall.accounts.factor_rules import RECOVERY_CODES, SECOND_FACTORS, TOTP, WEBAUTHN
from rollcall.accounts.user_models import LONGEST_PERIOD
from rollcall.core.text import fold
from rollcall.directory.models import UserGroup
from rollcall.web.shell.merging import MergingForm

FACTORS: Final = (
    (TOTP, _("Authenticator app (TOTP)")),
    (WEBAUTHN, _("Passkeys and security keys (WebAuthn)")),
    (RECOVERY_CODES, _("Recovery codes")),
)

MOST_GROUPS: Final = 200


class FactorRulesForm(MergingForm):
    """Which factors there are, of whom one is required, and how long they have to set one up."""

    allowed = forms.MultipleChoiceField(
        label=_("Factors that people may set up"),
        choices=FACTORS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Who has set up a factor that is not allowed any more is still asked for it, and "
            "counts as somebody who has none."
        ),
    )
    passkey_sign_in = forms.BooleanField(
        label=_("A passkey signs in without a password"),
        required=False,
        help_text=_("It counts as two factors: the device, and what unlocks it."),
    )
    everybody = forms.BooleanField(label=_("Required of everybody"), required=False)
    groups = forms.CharField(
        label=_("Required of the members of these user groups"),
        required=False,
        max_length=MOST_GROUPS * 256,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One name on each line. Of a single user it is required on their page."),
    )
    enrolment_days = forms.IntegerField(
        label=_("Enrolment period in days"),
        min_value=0,
        max_value=LONGEST_PERIOD,
        help_text=_(
            "How long whoever comes to need a second factor can still sign in without one. After "
            "it they set one up before anything else."
        ),
    )

    def clean_allowed(self) -> list[str]:
        """At least one that is a second factor by itself."""
        chosen: list[str] = self.cleaned_data["allowed"]
        if SECOND_FACTORS.isdisjoint(chosen):
            raise forms.ValidationError(gettext("Allow an app or keys: one of the two is needed."))
        return chosen

    def clean_groups(self) -> str:
        """Names that are groups'; `group_ids` has their ids."""
        typed = [line.strip() for line in self.cleaned_data["groups"].splitlines() if line.strip()]
        if len(typed) > MOST_GROUPS:
            line = gettext("At most {n} user groups.").format(n=MOST_GROUPS)
            raise forms.ValidationError(line)
        known = group_ids(typed)
        for name in typed:
            if fold(name) not in known:
                line = gettext("There is no user group called “{name}”.").format(name=name)
                raise forms.ValidationError(line)
        return "\n".join(typed)


def group_ids(names: Sequence[str]) -> Mapping[str, str]:
    """The ids of the groups of these names, by the name as names are compared."""
    rows = UserGroup.objects.filter(name_key__in=[fold(name) for name in names])
    return dict(rows.values_list("name_key", "pk"))


def shown_names(ids: frozenset[str]) -> str:
    """The names of these groups, one on each line."""
    names: Any = UserGroup.objects.filter(pk__in=ids).order_by("name")
    return "\n".join(names.values_list("name", flat=True))
