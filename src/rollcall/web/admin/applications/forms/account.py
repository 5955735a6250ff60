"""The fields of a form that ask for an account elsewhere, made of what its kind says of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext

from rollcall.core.account_fields import AccountField, FieldType
from rollcall.core.outgoing import addresses

LENGTHS: Mapping[FieldType, int] = {
    FieldType.TEXT: 512,
    FieldType.SECRET: 1024,
    FieldType.ADDRESS: 2048,
}


def form_field(field: AccountField) -> forms.Field:
    """The form's field for this one, in the language of the page."""
    common: dict[str, Any] = {
        "label": gettext(field.label),
        "required": field.required,
        "help_text": gettext(field.help) if field.help else "",
    }
    if field.type is FieldType.CHOICE:
        choices = [(value, gettext(words)) for value, words in field.choices]
        return forms.ChoiceField(choices=choices, **common)
    return forms.CharField(max_length=LENGTHS[field.type], widget=_widget(field.type), **common)


def _widget(type_: FieldType) -> forms.Widget:
    if type_ is FieldType.SECRET:
        # Never filled in again after an error: a page that can be saved must not hold a secret.
        return forms.PasswordInput(attrs={"autocomplete": "off"})
    if type_ is FieldType.ADDRESS:
        return forms.TextInput(attrs={"type": "url"})
    return forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})


def not_allowed(usual: str = "") -> str:
    """What to say of an address that imports may not reach, where there is a usual one."""
    if usual:
        # Beside "API address" people write the one at which they open the application.
        return gettext(
            "Imports may not reach this address. Usually it is {address}; another one has to be "
            "listed in ROLLCALL_ALLOWED_ADDRESSES by whoever runs Rollcall."
        ).format(address=usual)
    return gettext(
        "Imports may not reach this address. Whoever runs Rollcall lists it in "
        "ROLLCALL_ALLOWED_ADDRESSES."
    )


def refused_addresses(fields: Iterable[AccountField], typed: Mapping[str, str]) -> dict[str, str]:
    """What to say beside each field whose address, by its variable, imports may not reach."""
    return {
        field.name: not_allowed(field.default)
        for field in fields
        if field.type is FieldType.ADDRESS
        and (address := typed.get(field.variable, "").strip())
        # What is no address at all is said by the account itself, in words of its own.
        and addresses.is_address(address)
        and not addresses.is_allowed(address, own=field.default)
    }


def corrections(
    fields: Iterable[AccountField], variables: Iterable[str], line: str
) -> dict[str, str]:
    """What to say beside each field whose variable cannot be used; `line` where it has no words."""
    concerned = set(variables)
    return {
        field.name: gettext(field.correction).format(example=field.default)
        if field.correction
        else line
        for field in fields
        if field.variable in concerned
    }
