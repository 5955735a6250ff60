"""Refusals of the directory's rules as a form shows them, in the reader's words."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from django import forms
from django.utils.translation import gettext

from rollcall.core.refusal import Refusal
from rollcall.directory import labels
from rollcall.directory.models import User
from rollcall.directory.rules import Refusals

OWN_LABELS: Final = {
    "name": "Name",
    "displayLabel": "Display label",
    "username_length": "Longest username",
}
"""Fields of other things than users, as the forms call them."""


def add_to(form: forms.Form, refusals: Refusals) -> None:
    """Add each refusal to its field of the form; what no field shows stands above all of them."""
    for refusal in refusals:
        field = refusal.field if refusal.field in form.fields else None
        shown = refusal
        if field is not None and refusal.code != "too_long":
            # what was typed, not the form in which it would be stored (a manager's id)
            shown = replace(refusal, value=str(form.data.get(field, "")).strip() or refusal.value)
        form.add_error(field, sentence(shown))


def sentence(refusal: Refusal) -> str:
    """Why the value is refused, naming the field as the page does, and who has the value."""
    name = labels.FIELDS.get(refusal.field) or OWN_LABELS.get(refusal.field, refusal.field)
    label = gettext(name) if name else ""
    # Whoever may write users may read them: nothing is told here that they could not look up.
    holder = User.objects.filter(pk=refusal.params.get("with_whom", "")).first()
    if refusal.code == "taken" and holder is not None:
        return gettext("{field} “{value}”: {name} ({username}) has it already.").format(
            field=label,
            value=refusal.value,
            name=f"{holder.firstname} {holder.lastname}".strip() or holder.username,
            username=holder.username,
        )
    if refusal.code == "taken" and refusal.field == "name":
        return gettext("Name “{value}”: there is a group of this name already.").format(
            value=refusal.value
        )
    return replace(refusal, field=label).text(gettext)
