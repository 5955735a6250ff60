"""The form of one's own profile: what the organization lets people change, and HR does not keep."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from rollcall.accounts import own_profile
from rollcall.core.user_fields import MAX_ATTRIBUTE_LENGTH
from rollcall.directory.models import User
from rollcall.imports.filled_fields import filled_by_the_next_import
from rollcall.web.shell.merging import MergingForm
from rollcall.web.shell.text.attributes import OWN

LABELS: Final[Mapping[str, Promise]] = {
    "phone_work": _("Phone at work"),
    "phone_mobile": _("Mobile phone"),
    "phone_home": _("Phone at home"),
    "address_work_streetAddress": _("At work: street and number"),
    "address_work_postalCode": _("At work: postal code"),
    "address_work_locality": _("At work: town"),
    "address_work_region": _("At work: region"),
    "address_work_country": _("At work: country"),
    "address_home_streetAddress": _("At home: street and number"),
    "address_home_postalCode": _("At home: postal code"),
    "address_home_locality": _("At home: town"),
    "address_home_region": _("At home: region"),
    "address_home_country": _("At home: country"),
}

COMPLETED: Final = {
    "phone_work": "tel",
    "phone_mobile": "tel",
    "phone_home": "tel",
    "address_home_streetAddress": "street-address",
    "address_home_postalCode": "postal-code",
    "address_home_locality": "address-level2",
    "address_home_region": "address-level1",
    "address_home_country": "country-name",
}
"""What browsers fill in by themselves (HTML, autofill)."""


class ProfileForm(MergingForm):
    """One's own attributes; what HR keeps is shown, and cannot be changed."""

    def __init__(self, data: QueryDict | None, user: User) -> None:
        self.allowed = own_profile.editable()
        kept = filled_by_the_next_import(user.sources) & self.allowed
        self.open = self.allowed - kept
        super().__init__(data, now=own_profile.typed(user, self.open))
        for name in _names(self.allowed):
            self.fields[name] = _field(name, is_kept=name in kept)
            if name in kept:
                self.initial[name] = str(getattr(user, name) or "")

    @property
    def changes(self) -> dict[str, str]:
        """What was changed, by field; nothing of what is not the person's to change."""
        open_names = set(_names(self.open))
        edited = self.edited(self.cleaned_data)
        return {name: value for name, value in edited.items() if name in open_names}


def _names(attributes: frozenset[str]) -> Iterator[str]:
    """The fields of these attributes, in the order of the form."""
    yield from (name for name in own_profile.OFFERED if name in attributes and name in _PLAIN)
    if "phoneNumbers" in attributes:
        yield from (name for name in LABELS if name.startswith("phone_"))
    if "addresses" in attributes:
        yield from (name for name in LABELS if name.startswith("address_"))


_PLAIN: Final = frozenset(own_profile.OFFERED) - {"phoneNumbers", "addresses"}


def _field(name: str, *, is_kept: bool) -> forms.CharField:
    return forms.CharField(
        label=str(LABELS.get(name) or OWN[name]),
        required=False,
        # The browser shows it and sends nothing; what is sent all the same is not looked at.
        disabled=is_kept,
        max_length=MAX_ATTRIBUTE_LENGTH,
        help_text=_("HR keeps this; tell them if it is wrong.") if is_kept else "",
        widget=forms.TextInput(attrs={"autocomplete": COMPLETED.get(name, "off")}),
    )
